// Whether code does little more than fail: where a branch leads there, control goes the other way.
#pragma once

#include "vm/code.hpp"
#include "vm/opcodes.hpp"

namespace interlock::vm {

// Follows jumps whose destination was pushed just before, for a few instructions. `pc` must be an instruction.
[[nodiscard]] inline bool does_little_but_fail(const Code& code, Fork fork, std::uint64_t pc) {
    using enum Opcode;
    constexpr std::uint64_t unknown = ~std::uint64_t{0};
    std::uint64_t pushed = unknown;
    for (int looked_at = 0; looked_at < 20 && pc < code.size(); ++looked_at) {
        const auto opcode = Opcode(code.begin()[pc]);
        const OpcodeInfo& row = info(opcode);
        if (opcode == REVERT || opcode == INVALID || !row.exists_in(fork)) return true;
        if (opcode == JUMP && pushed != unknown && code.is_jump_target(pushed)) {
            pc = pushed;
            pushed = unknown;
            continue;
        }
        if (opcode == JUMP || opcode == JUMPI || opcode == STOP || opcode == RETURN || opcode == SELFDESTRUCT) return false;
        pushed = unknown;
        if (opcode >= PUSH1 && opcode <= PUSH7) {
            pushed = 0;
            for (std::uint64_t i = 1; i <= row.immediate; ++i) pushed = pushed << 8 | code.begin()[pc + i];
        }
        pc += std::uint64_t{1} + row.immediate;
    }
    return false;
}

}  // namespace interlock::vm
