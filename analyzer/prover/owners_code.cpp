#include "analyzer/prover/owners_code.hpp"

#include <algorithm>
#include <set>

#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/not_covered.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;

namespace {

using CallKind = ir::ExternalCall::Kind;

ir::Value add(ir::Function& function, ir::Block& block, ir::Op op, ir::Type type, const ir::Word& word = {}) {
    ir::Instruction made;
    made.op = op;
    made.type = type;
    made.word = word;
    made.range = block.terminator.range;
    made.result.index = function.values++;
    block.instructions.push_back(made);
    return made.result;
}

// Goes on as after code that did nothing, without an answer.
void leave_out(ir::Function& function, ir::Block& block) {
    const ir::ExternalCall call = block.terminator.call;
    ir::Terminator end;
    end.kind = ir::Terminator::Kind::Jump;
    end.range = block.terminator.range;
    end.then = call.next;
    const ir::Word one{1};
    if (call.kind == CallKind::Raw) {
        end.then.arguments.push_back(add(function, block, ir::Op::Constant, {ir::TypeKind::Uint, 256}, one));
    } else {
        end.then.arguments.push_back(add(function, block, ir::Op::Constant, ir::bool_type, one));
        end.then.arguments.push_back(add(function, block, ir::Op::Literal, {ir::TypeKind::Bytes, 256}));
    }
    block.terminator = std::move(end);
}

}  // namespace

std::optional<WithoutOwnersCode> without_owners_code(const std::vector<const ir::Contract*>& contracts, std::size_t subject,
                                                     const Deadline& deadline) {
    WithoutOwnersCode without{*contracts[subject], {}};
    ir::Contract& contract = without.contract;
    std::set<std::uint32_t> running;
    for (std::uint32_t i = 0; i < contract.functions.size(); ++i)
        for (ir::Block& block : contract.functions[i].blocks) {
            const ir::ExternalCall& call = block.terminator.call;
            if (block.terminator.kind != ir::Terminator::Kind::External || !ir::runs_foreign_code(contract, call)) continue;
            if (call.kind != CallKind::LowLevelDelegate && call.kind != CallKind::Raw) return std::nullopt;
            leave_out(contract.functions[i], block);
            running.insert(i);
        }
    if (running.empty()) return std::nullopt;
    std::vector<const ir::Contract*> changed = contracts;
    changed[subject] = &contract;
    const CodeInScope owned = known_to_owners(scope_of(changed, subject, deadline, {}).code);
    for (const Entry& entry : entries_of(owned)) {
        if (owned.contracts[entry.contract] != &contract) continue;
        const ir::Function& function = contract.functions.at(entry.function);
        const bool runs = std::ranges::any_of(with_callees(contract, {&function}), [&](const ir::Function* each) {
            return running.contains(static_cast<std::uint32_t>(each - contract.functions.data()));
        });
        if (!runs) continue;
        if (Flow(owned, entry, stranger_at(owned, entry), {}, nothing_survives).succeeds()) return std::nullopt;
        without.functions.push_back(function.name);
    }
    return without.functions.empty() ? std::nullopt : std::optional(std::move(without));
}

}  // namespace interlock::analyzer::prover
