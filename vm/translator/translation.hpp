// Translation: a code's bytecode for one fork, rewritten for a register machine whose registers are the stack's slots.
//
// A basic block is a head followed by cells, each of which names its operands by their distance from the stack's top at
// the block's beginning. Moves by DUP, SWAP, POP and PUSH disappear; words that end in new places are moved there once
// at the block's end. Gas and stack are checked once per block. (Three-address code from stack code: Davis et al., "The
// case for virtual register machines", 2003.)
//
//     DUP2 DUP2 ADD SWAP1 POP    -->    add  to=0 a=-1 b=0
//
// Blocks are translated one by one, when control first reaches them. Until then branches go to a head that refuses entry.
#pragma once

#include <atomic>
#include <bit>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "vm/code.hpp"
#include "vm/translator/checked.hpp"
#include "vm/word.hpp"

namespace interlock::vm {

// One step. Operands are byte offsets of stack words, relative to the top at the block's beginning, which has offset 0.
struct Cell {
    const void* handler = nullptr;  // a label of the loop
    std::int16_t to = 0;
    std::int16_t a = 0;
    union Rest {
        struct Slots {
            std::int16_t b, c;
        } slots;
        std::uint32_t small;    // a constant
        std::int32_t distance;  // distance in cells from this cell to a word among the block's constants
    } rest{.small = 0};
};

// What must hold for a block to run without further checks. It takes the place of a cell; nothing jumps into it.
struct BlockHead {
    static constexpr std::uint32_t never = std::uint32_t{1} << 31;

    std::uint32_t gas = 0;    // cost of the instructions before they look at their operands
    std::uint32_t need = 0;   // bytes that the stack must have; `never`: the block cannot be entered
    std::uint32_t range = 0;  // further bytes that it may have, so that the block cannot overflow it
    std::uint32_t pc = 0;     // of the block's first instruction
};

// The head of a block, or a placeholder until the block is translated.
using BlockLink = std::atomic<const Cell*>;

// The data after the cell of a jump, a branch, or any other cell that continues with another block.
struct BranchTargets {
    BlockLink taken, otherwise;
};

// The data after the cell of a branch inside a block.
struct ExitStub {
    std::int32_t distance = 0;      // in cells, from the branch's cell to the stub's
    std::uint32_t gas_to_stay = 0;  // for the instructions up to the next exit
    std::uint64_t unused = 0;
};

// The data after the cell that ends a stub.
struct LeaveTarget {
    std::uint32_t gas = 0;  // the amount that was taken although control could not pay for staying,
    std::uint32_t pc = 0;   // and the pc where the frame continues
    BlockLink block;
};

static_assert(sizeof(Cell) == 16 && sizeof(BlockHead) == sizeof(Cell) && sizeof(BranchTargets) == sizeof(Cell) &&
              sizeof(ExitStub) == sizeof(Cell) && sizeof(LeaveTarget) == sizeof(Cell) && sizeof(Word) == 2 * sizeof(Cell));

[[nodiscard, gnu::always_inline]] inline BlockHead head_at(const Cell* cell) { return std::bit_cast<BlockHead>(*cell); }

// Returns the data after a cell.
template <class Data>
[[nodiscard, gnu::always_inline]] inline const Data& data_behind(const Cell* cell) {
    return *std::launder(reinterpret_cast<const Data*>(cell + 1));
}

// A block before it is placed. Its links are the pcs of blocks.
struct BlockDraft {
    static constexpr std::uint32_t no_destination = ~std::uint32_t{0};
    struct Link {
        std::size_t cell;  // the cell before the data that holds the link
        std::uint32_t taken, otherwise;
        bool is_leave;  // the data is a LeaveTarget
    };

    CheckedVector<Cell> cells;      // the first is the head
    CheckedVector<Word> constants;  // the first lies directly before the head, the second before the first
    CheckedVector<Link> links;
    std::size_t instructions = 0;  // number of bytecode instructions

    void clear() {
        cells.clear();
        constants.clear();
        links.clear();
    }
};

// Returns how many blocks this process gave up for a fault of the translator (checked.hpp). Tests expect zero.
[[nodiscard]] std::size_t blocks_given_up();

// Thread-safe. Blocks never move, and they live as long as the translation.
class Translation {
  public:
    Translation(const Code& code, Fork fork);
    Translation(const Translation&) = delete;
    Translation& operator=(const Translation&) = delete;

    const Fork fork;
    std::unique_ptr<const Translation> next;  // for the same code and another fork

    // Returns where control continues at `pc`, which must be an instruction: the block's head, or a head that refuses
    // entry because the block is not translated yet and the code has not earned it (tiering.hpp).
    [[nodiscard]] const Cell* at(std::size_t pc) const {
        const Cell* const known = entries_[pc].load(std::memory_order_acquire);
        return known != nullptr ? known : translate(static_cast<std::uint32_t>(pc));
    }
    [[nodiscard]] bool has(std::size_t pc) const { return entries_[pc].load(std::memory_order_acquire) != nullptr; }

    // Returns where a jump to `pc` leads, or null if the jump is invalid.
    [[nodiscard]] const Cell* jump(const Word& pc) const {
        if (!pc.fits_u64() || pc.low64() >= code_.size()) return nullptr;
        const Cell* const known = entries_[pc.low64()].load(std::memory_order_acquire);
        // Blocks begin only at instructions, so the byte alone decides.
        if (known != nullptr) return code_.begin()[pc.low64()] == jump_destination ? known : nullptr;
        return code_.is_jump_target(pc.low64()) ? translate(static_cast<std::uint32_t>(pc.low64())) : nullptr;
    }

    [[nodiscard]] std::size_t held_bytes() const { return held_bytes_.load(std::memory_order_relaxed); }

  private:
    static constexpr std::uint8_t jump_destination = 0x5b;

    // The placeholder for an untranslated block, with the links that must be updated when it is translated.
    struct Pending {
        Cell head;
        std::vector<BlockLink*> waiting;
    };

    [[nodiscard, gnu::noinline]] const Cell* translate(std::uint32_t pc) const;
    [[nodiscard]] Pending& pending(std::uint32_t pc) const;
    [[nodiscard]] const Cell* place(const BlockDraft& draft, std::uint32_t pc) const;
    [[nodiscard]] const Cell* give_up(std::uint32_t pc) const;
    void connect(BlockLink& link, std::uint32_t pc) const;

    const Code& code_;
    const std::unique_ptr<BlockLink[]> entries_;  // by pc; null where no block begins yet
    mutable std::mutex translating_;              // guards what follows
    mutable std::vector<std::unique_ptr<std::byte[]>> blocks_;
    mutable std::unordered_map<std::uint32_t, Pending> pending_;
    mutable std::size_t copied_instructions_ = 0;
    mutable std::atomic<std::size_t> held_bytes_;
};

}  // namespace interlock::vm
