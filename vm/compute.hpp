// What a pure instruction makes of words that are known: the interpreter's own instructions, for whoever computes with
// constants.
//
//     compute(Opcode::SUB, std::array{Word{5}, Word{3}})    // 2
#pragma once

#include <optional>
#include <span>

#include "vm/opcodes.hpp"
#include "vm/word.hpp"

namespace interlock::vm {

// The operands as the stack has them, topmost first, as many as the opcode takes. None: the opcode is not pure, or leaves
// more or less than one word.
[[nodiscard]] std::optional<Word> compute(Opcode opcode, std::span<const Word> operands);

}  // namespace interlock::vm
