// What native code shares with the machine: the layout of its registers in memory, and how it comes back.
//
// Native code of one bytecode is one function. It gets the frame's registers, keeps gas and stack as values of its own,
// and asks the machine for everything that it does not do itself by functions that are listed by opcode. It names no
// symbol outside of itself, so the same bytes run in any process.
#pragma once

#include <cstddef>
#include <cstdint>

#include "vm/word.hpp"

namespace interlock::vm {

class Core;

namespace jit {

struct Registers;

// Executes one instruction, whose operands are at `top` and below as on the stack, for a frame that has this much gas.
// Returns what is left. Below zero: the frame ends, for the reason in `Registers::status`.
using Instruction = std::int64_t(Registers*, Word* top, std::int64_t gas);

// Makes memory usable up to `offset` + `bytes`. An offset of 2^32 and more is always too large. Returns as above.
using Growing = std::int64_t(Registers*, std::uint64_t offset, std::int64_t gas, std::uint64_t bytes);

struct Registers {
    std::int64_t gas = 0;    // when native code begins and when it ends
    Word* bottom = nullptr;  // the word before the first of the stack
    std::uint8_t* memory = nullptr;
    std::uint64_t memory_size = 0;
    std::uint64_t memory_words_end = 0;  // behind each offset below this there is a whole word
    const std::uint8_t* input = nullptr;
    std::uint64_t input_size = 0;
    std::uint64_t input_words_end = 0;
    Instruction* const* instructions = nullptr;  // by opcode
    Growing* grow = nullptr;
    Core* core = nullptr;
    std::uint32_t pc = 0;          // where a frame that leaves continues,
    std::uint32_t stack_size = 0;  // and how many words it then has; and when native code begins
    std::uint32_t status = 0;      // vm::Status of a frame that ends
};

[[nodiscard]] constexpr std::uint64_t words_end(std::uint64_t bytes) { return bytes < 32 ? 0 : bytes - 31; }

// How native code comes back.
enum class Exit : std::uint32_t {
    Ended,  // the frame ends with `status`, and with the core's output if that is a success or a revert
    Left,   // the instruction at `pc` is not for native code; the stack is in its place
};

// `entry` is one of the places where the function may be entered (native_code.hpp).
using Function = std::uint32_t(Registers*, Word* bottom, std::uint32_t entry);

// The height of an entry for stacks of every height.
inline constexpr std::uint32_t any_height = 0xffff;

// More words than any instruction takes or leaves, for its operands.
inline constexpr std::size_t operand_words = 8;

}  // namespace jit
}  // namespace interlock::vm
