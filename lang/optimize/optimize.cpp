#include "lang/optimize/optimize.hpp"

#include "lang/ir/simplify.hpp"

namespace interlock::lang::optimize {

namespace {

// Specifications leave no trace in code, so they are erased.
void erase_specifications(ir::Function& function) {
    for (ir::Block& block : function.blocks)
        std::erase_if(block.instructions,
                      [](const ir::Instruction& i) { return i.op == ir::Op::Check || i.op == ir::Op::Assume; });
}

// Ranges decide branches and conditions that can then be folded, so the passes repeat as long as that helps.
void shorten(ir::Function& function) {
    constexpr int rounds = 3;
    ir::simplify(function);
    for (int round = 0; round < rounds; ++round) {
        const Change folded = fold_constants(function);
        if (folded == Change::Branches) ir::simplify(function);
        const bool is_shorter = number_values(function);
        if (is_shorter || folded != Change::Nothing) ir::simplify(function);
        else if (round > 0) return;
        if (!find_ranges(function)) return;
        ir::simplify(function);
    }
}

// Returns whether the code reads the size of memory: then every access counts, and nothing is shortened.
bool asks_for_memory_size(const ir::Contract& contract) {
    for (const ir::Function& function : contract.functions)
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& i : block.instructions)
                if (i.op == ir::Op::Evm && i.opcode == vm::Opcode::MSIZE) return true;
    return false;
}

}  // namespace

ir::Contract optimize(const ir::Contract& contract) {
    ir::Contract result = contract;
    for (ir::Function& function : result.functions) {
        if (function.kind == ir::FunctionKind::Specification || function.blocks.empty()) continue;
        erase_specifications(function);
        place_words(contract, function);
    }
    if (asks_for_memory_size(contract)) return result;
    inline_functions(result, shorten);
    for (ir::Function& function : result.functions)
        if (function.kind != ir::FunctionKind::Specification) drop_undone(function);
    return result;
}

}  // namespace interlock::lang::optimize
