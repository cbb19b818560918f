// Variables that never hold anything but zero: those of code that others run on their own storage, when it is called itself.
#include <algorithm>

#include "analyzer/prover/bounds.hpp"
#include "analyzer/prover/memory_words.hpp"
#include "lang/ir/effects.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

using Variables = std::set<std::uint32_t>;

bool is_number(const ir::Contract& contract, const ir::Place& place) {
    return type_at(contract, place).kind == ir::StorageType::Kind::Value;
}

// Whether the value is zero as long as the variables are: a read of one, or what is left of it, checked.
bool is_zero(const ir::Contract& contract, const Makers& made_by, const Variables& zeros, ir::Value value) {
    const ir::Instruction* made = made_by.at(value.index);
    while (made && (made->op == Op::Convert || made->op == Op::Reinterpret || (made->op == Op::Sub && made->checked))) {
        if (made->type.is_signed()) return false;
        made = made_by.at(made->operands[0].index);
    }
    if (!made) return false;
    if (made->op == Op::Constant) return made->word.is_zero();
    return made->op == Op::Load && zeros.contains(made->place.variable) && is_number(contract, made->place);
}

// Removes what may be something else, and returns whether there was any.
bool remove_others(const ir::Contract& contract, Variables& zeros) {
    const std::size_t before = zeros.size();
    for (const ir::Function& function : contract.functions) {
        const Makers made_by = makers_of(function);
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions)
                if (each.op == Op::Store &&
                    (!is_number(contract, each.place) || !is_zero(contract, made_by, zeros, each.operands.back())))
                    zeros.erase(each.place.variable);
    }
    return zeros.size() != before;
}

}  // namespace

bool writes_by_name(const ir::Contract& contract) {
    return !contract.is_opaque && std::ranges::all_of(contract.functions, [&](const ir::Function& function) {
        return std::ranges::all_of(function.blocks, [&](const ir::Block& block) {
            const bool lends = block.terminator.kind == ir::Terminator::Kind::External &&
                               ir::runs_foreign_code(contract, block.terminator.call);
            return !lends && std::ranges::all_of(block.instructions, [](const ir::Instruction& each) {
                return each.op == Op::Store || each.op == Op::Clear || each.op == Op::InternalCall ||
                       !ir::writes_of(each).contains(vm::Region::Storage);
            });
        });
    });
}

void find_zeros(CodeInScope& code) {
    for (std::uint32_t at = 0; at < code.contracts.size(); ++at) {
        const ir::Contract& contract = *code.contracts[at];
        if (!writes_by_name(contract)) continue;
        Variables zeros;
        for (std::uint32_t i = 0; i < contract.state.size(); ++i)
            if (!contract.state[i].is_immutable) zeros.insert(i);
        while (remove_others(contract, zeros)) {}
        for (const std::uint32_t each : zeros) code.zeros.insert({at, each});
    }
}

}  // namespace interlock::analyzer::prover
