#include "analyzer/prover/proxies.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/memory_words.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

bool delegates(const ir::Contract& contract, const ir::ExternalCall& call) {
    return call.kind != ir::ExternalCall::Kind::Create && ir::opcode_of(contract, call) == vm::Opcode::DELEGATECALL;
}

ir::Value target_of(const ir::ExternalCall& call) {
    return call.kind == ir::ExternalCall::Kind::Raw ? call.arguments.data()[1] : call.target;
}

namespace {

bool is_forwarding(const ir::Function& function) {
    return function.kind == ir::FunctionKind::Fallback || function.kind == ir::FunctionKind::Receive;
}

bool only_looks(const ir::Function& function) {
    return function.mutability == ir::Mutability::View || function.mutability == ir::Mutability::Pure;
}

// Finds where the account comes from to which a proxy delegates: slots that are written out, immutables, constants.
class Targets {
  public:
    explicit Targets(const ir::Contract& contract) : contract_(contract) {}

    // Whether all that the value may be is kept in such places.
    bool are_kept(const ir::Function& function, ir::Value value, unsigned depth = 0) {
        constexpr unsigned most_steps = 12;
        const Makers made_by = makers_of(function);
        const ir::Instruction* made = made_by.at(value.index);
        if (!made || depth > most_steps) return false;
        switch (made->op) {
            case ir::Op::Constant:
            case ir::Op::LoadImmutable: return true;
            case ir::Op::Reinterpret:
            case ir::Op::Convert:
            case ir::Op::And: return are_kept(function, made->operands[0], depth + 1);
            case ir::Op::Result: return are_returned(made_by, *made_by.at(made->operands[0].index), made->number, depth + 1);
            case ir::Op::Evm: break;
            default: return false;
        }
        if (is_evm(*made, vm::Opcode::AND)) return are_kept(function, made->operands[0], depth + 1);
        const auto slot = is_evm(*made, vm::Opcode::SLOAD) ? slot_of(made_by, made->operands[0]) : std::nullopt;
        if (slot) slots_.insert(*slot);
        return slot.has_value();
    }

    [[nodiscard]] const std::set<ir::Word>& slots() const { return slots_; }

  private:
    // Written out here, or where the function is called.
    [[nodiscard]] std::optional<ir::Word> slot_of(const Makers& made_by, ir::Value value) const {
        if (const auto written_out = constant_in(made_by, value)) return written_out;
        const ir::Instruction* made = made_by.at(value.index);
        if (made && made->op == ir::Op::Reinterpret) return slot_of(made_by, made->operands[0]);
        const auto passed = passed_.find(value.index);
        return made || passed == passed_.end() ? std::nullopt : passed->second;
    }

    bool are_returned(const Makers& made_by, const ir::Instruction& call, std::uint32_t number, unsigned depth) {
        const ir::Function& callee = contract_.functions.at(call.callee);
        std::map<std::uint32_t, std::optional<ir::Word>> passed;
        const std::vector<ir::Parameter>& parameters = callee.blocks.front().parameters;
        for (std::size_t i = 0; i < parameters.size(); ++i)
            passed[parameters[i].value.index] = slot_of(made_by, call.operands.data()[i]);
        std::swap(passed, passed_);
        const bool are_so = std::ranges::all_of(callee.blocks, [&](const ir::Block& block) {
            const ir::Terminator& end = block.terminator;
            return end.kind != ir::Terminator::Kind::Return || are_kept(callee, end.values.at(number), depth);
        });
        std::swap(passed, passed_);
        return are_so;
    }

    const ir::Contract& contract_;
    std::set<ir::Word> slots_;
    std::map<std::uint32_t, std::optional<ir::Word>> passed_;  // to the function that is looked at, by parameter
};

// Whether the function calls nobody, as one that only says which code is run from now on.
bool only_sets(const ir::Contract& contract, const ir::Function& function) {
    return std::ranges::none_of(with_callees(contract, {&function}), [](const ir::Function* each) {
        return std::ranges::any_of(
            each->blocks, [](const ir::Block& block) { return block.terminator.kind == ir::Terminator::Kind::External; });
    });
}

// Whether the contract itself never reads or writes a variable: it may have those of the code that it runs, by a common base.
bool leaves_its_variables(const ir::Contract& contract) {
    return std::ranges::all_of(contract.functions, [&](const ir::Function& function) {
        return std::ranges::all_of(function.blocks, [&](const ir::Block& block) {
            return std::ranges::none_of(block.instructions, [&](const ir::Instruction& each) {
                const bool is_of_variable = each.op == ir::Op::Load || each.op == ir::Op::Store ||
                                            each.op == ir::Op::Clear || each.op == ir::Op::SlotOf;
                return is_of_variable && !contract.state.at(each.place.variable).is_immutable;
            });
        });
    });
}

}  // namespace

std::optional<ir::Contract> manager_of(const ir::Contract& proxy) {
    ir::Contract manager = proxy;
    bool manages = false;
    for (ir::Function& each : manager.functions) {
        if (is_forwarding(each) || each.kind == ir::FunctionKind::Constructor) each.blocks.assign(1, ir::Block{});
        manages |= each.is_entry && each.kind == ir::FunctionKind::Ordinary && !only_looks(each);
    }
    return manages ? std::optional(std::move(manager)) : std::nullopt;
}

std::optional<std::set<ir::Word>> slots_of_code(const ir::Contract& proxy) {
    Targets targets(proxy);
    for (const ir::Function& function : proxy.functions) {
        if (function.kind == ir::FunctionKind::Constructor) continue;
        for (const ir::Block& block : function.blocks)
            if (block.terminator.kind == ir::Terminator::Kind::External && delegates(proxy, block.terminator.call) &&
                !targets.are_kept(function, target_of(block.terminator.call)))
                return std::nullopt;
    }
    return targets.slots();
}

bool only_delegates(const ir::Contract& contract) {
    if (contract.is_interface || contract.is_library || contract.is_opaque) return false;
    if (!leaves_its_variables(contract)) return false;
    std::vector<const ir::Function*> open;
    for (const ir::Function& function : contract.functions) {
        if (!function.is_entry) continue;
        if (is_forwarding(function)) open.push_back(&function);
        else if (!only_looks(function) && !only_sets(contract, function)) return false;
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
    return has_delegated && slots_of_code(contract);
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
