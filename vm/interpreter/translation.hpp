// Translation: a code's bytecode for one fork, rewritten for a register machine whose registers are the stack's slots.
//
// A basic block is a head and then cells, each of which names its operands by their distance from the stack's top as it
// was when the block began. What DUP, SWAP, POP and PUSH only move about is gone; what they leave in new places at the
// block's end is moved there once. Gas and stack are checked once a block. (Three-address code from stack code: Davis
// et al., "The case for virtual register machines", 2003.)
//
//     DUP2 DUP2 ADD SWAP1 POP    -->    add  to=0 a=-1 b=0
#pragma once

#include <bit>
#include <cstdint>
#include <memory>
#include <vector>

#include "vm/fork.hpp"
#include "vm/word.hpp"

namespace interlock::vm {

// One step. Operands are byte offsets of stack words from the top at the block's beginning, which is offset 0.
struct Cell {
    const void* handler = nullptr;  // a label of the loop
    std::int16_t to = 0;
    std::int16_t a = 0;
    union Rest {
        struct Slots {
            std::int16_t b, c;
        } slots;
        std::uint32_t small;  // a constant, an index into the pool, or a displacement in bytes
    } rest{.small = 0};
};

// What must hold for a block to run without further checks. Takes the place of a cell; nothing jumps into it.
struct BlockHead {
    std::uint32_t gas = 0;    // what its instructions cost before they look at their operands
    std::uint32_t need = 0;   // bytes of stack that must be there
    std::uint32_t range = 0;  // and bytes more that may be: then the block cannot overflow the stack
    std::uint32_t pc = 0;     // of its first instruction
};

// Where a branch goes, in bytes from its own cell. Follows a branch's cell.
struct BranchTargets {
    std::int32_t taken = 0, otherwise = 0;
    std::uint64_t otherwise_pc = 0;
};

static_assert(sizeof(Cell) == 16 && sizeof(BlockHead) == sizeof(Cell) && sizeof(BranchTargets) == sizeof(Cell));

struct Translation {
    Fork fork{};
    std::vector<Cell> cells;
    std::vector<Word> pool;             // constants
    std::vector<std::int32_t> entries;  // by pc: the head's index where a block begins; negative where no JUMP may go
    std::unique_ptr<const Translation> next;  // of the same code, for another fork

    // The head of the block that begins at `pc`; null: none does.
    [[nodiscard]] const Cell* find(std::size_t pc) const {
        const std::int32_t entry = pc < entries.size() ? entries[pc] : 0;
        return entry == 0 ? nullptr : &cells[static_cast<std::size_t>(entry < 0 ? -entry : entry)];
    }
    [[nodiscard]] std::size_t held_bytes() const {
        return sizeof *this + cells.capacity() * sizeof(Cell) + pool.capacity() * sizeof(Word) +
               entries.capacity() * sizeof(std::int32_t);
    }
};

}  // namespace interlock::vm
