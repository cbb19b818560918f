// What accounts only ever say of themselves, and contracts of the scope never do: that they want to be told of tokens, that they
// let somebody act for them.
#include <algorithm>

#include "analyzer/prover/bounds.hpp"
#include "analyzer/prover/code_scope.hpp"
#include "analyzer/prover/memory_words.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// Whether the word is who called.
bool is_caller(const Makers& made_by, ir::Value value) {
    const ir::Instruction* made = made_by.at(value.index);
    while (made && made->op == Op::Reinterpret) made = made_by.at(made->operands[0].index);
    return made && made->op == Op::Caller;
}

// Returns the mappings of the contract that are only written under who calls, and not while it is made.
std::set<std::uint32_t> written_by_owners(const ir::Contract& contract) {
    std::set<std::uint32_t> own;
    for (std::uint32_t i = 0; i < contract.state.size(); ++i)
        if (!contract.state[i].is_immutable) own.insert(i);
    const std::set<const ir::Function*> constructing = functions_of_constructor(contract);
    for (const ir::Function& function : contract.functions) {
        const Makers made_by = makers_of(function);
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions) {
                if (each.op != Op::Store && each.op != Op::Clear) continue;
                const auto& steps = each.place.steps;
                const bool is_own = !steps.empty() && steps[0].kind == ir::PlaceStep::Kind::Key &&
                                    is_caller(made_by, each.operands[steps[0].operand]);
                if (!is_own || constructing.contains(&function)) own.erase(each.place.variable);
            }
    }
    return own;
}

bool writes(const ir::Contract& contract, const ir::Function& entry, std::uint32_t variable) {
    return std::ranges::any_of(with_callees(contract, {&entry}), [&](const ir::Function* function) {
        return std::ranges::any_of(function->blocks, [&](const ir::Block& block) {
            return std::ranges::any_of(block.instructions, [&](const ir::Instruction& each) {
                return (each.op == Op::Store || each.op == Op::Clear) && each.place.variable == variable;
            });
        });
    });
}

bool runs_code_of_others(const ir::Contract& contract) {
    return std::ranges::any_of(contract.functions, [&](const ir::Function& function) {
        return std::ranges::any_of(function.blocks, [&](const ir::Block& block) {
            return block.terminator.kind == ir::Terminator::Kind::External &&
                   ir::runs_foreign_code(contract, block.terminator.call);
        });
    });
}

}  // namespace

void find_unsaid(CodeInScope& code) {
    std::vector<Callees> callees;
    for (const ir::Contract* each : code.contracts) {
        callees.push_back(callees_of(*each));
        callees.back().is_any |= each->is_opaque || runs_code_of_others(*each);
    }
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        const ir::Contract& contract = *code.contracts[at];
        if (!writes_by_name(contract)) continue;
        for (const std::uint32_t variable : written_by_owners(contract))
            for (std::uint32_t account = 0; account < code.contracts.size(); ++account) {
                const auto may_write = [&](const ir::Function& each) {
                    return each.is_entry && writes(contract, each, variable) &&
                           (callees[account].may_be(each.selector) || each.kind != ir::FunctionKind::Ordinary);
                };
                if (std::ranges::none_of(contract.functions, may_write)) code.unsaid.insert({at, variable, account});
            }
    }
}

}  // namespace interlock::analyzer::prover
