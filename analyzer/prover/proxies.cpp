#include "analyzer/prover/proxies.hpp"

#include <algorithm>
#include <set>

#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

namespace {

bool is_forwarding(const ir::Function& function) {
    return function.kind == ir::FunctionKind::Fallback || function.kind == ir::FunctionKind::Receive;
}

bool only_looks(const ir::Function& function) {
    return function.mutability == ir::Mutability::View || function.mutability == ir::Mutability::Pure;
}

bool delegates(const ir::Contract& contract, const ir::ExternalCall& call) {
    return call.kind != ir::ExternalCall::Kind::Create && ir::opcode_of(contract, call) == vm::Opcode::DELEGATECALL;
}

}  // namespace

bool only_delegates(const ir::Contract& contract) {
    if (contract.is_interface || contract.is_library || contract.is_opaque) return false;
    if (!std::ranges::all_of(contract.state, &ir::StateVariable::is_immutable)) return false;
    std::vector<const ir::Function*> open;
    for (const ir::Function& function : contract.functions) {
        if (!function.is_entry) continue;
        if (is_forwarding(function)) open.push_back(&function);
        else if (!only_looks(function)) return false;
    }
    bool has_delegated = false;
    std::set<const ir::Function*> seen;
    while (!open.empty()) {
        const ir::Function& function = *open.back();
        open.pop_back();
        if (!seen.insert(&function).second) continue;
        for (const ir::Block& block : function.blocks) {
            for (const ir::Instruction& each : block.instructions) {
                if (each.op == ir::Op::InternalCall) open.push_back(&contract.functions.at(each.callee));
                else if (ir::writes_of(each).intersects(vm::state_regions)) return false;
            }
            if (block.terminator.kind != ir::Terminator::Kind::External) continue;
            if (!delegates(contract, block.terminator.call)) return false;
            has_delegated = true;
        }
    }
    return has_delegated;
}

std::optional<std::size_t> code_behind(const std::vector<const ir::Contract*>& contracts, std::size_t proxy) {
    const auto is_other = [&](std::size_t i) {
        const ir::Contract& each = *contracts[i];
        return i != proxy && !each.is_interface && !each.is_library && !each.is_opaque && !only_delegates(each);
    };
    std::optional<std::size_t> made, only;
    std::size_t others = 0;
    for (std::size_t i = 0; i < contracts.size(); ++i) {
        if (!is_other(i)) continue;
        ++others;
        only = i;
        const std::vector<std::string>& creates = contracts[proxy]->creates;
        if (std::ranges::find(creates, contracts[i]->identity) == creates.end()) continue;
        if (made) return std::nullopt;
        made = i;
    }
    return made ? made : others == 1 ? only : std::nullopt;
}

bool keeps_what_it_makes(const ir::Contract& contract) {
    return contract.constructor != ir::Contract::none && !contract.creates.empty() &&
           !std::ranges::all_of(contract.state, &ir::StateVariable::is_immutable);
}

}  // namespace interlock::analyzer::prover
