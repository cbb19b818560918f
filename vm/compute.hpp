// Computes the result of a pure instruction on known words, with the interpreter's own instructions.
//
//     compute(Opcode::SUB, std::array{Word{5}, Word{3}})    // 2
#pragma once

#include <optional>
#include <span>

#include "vm/opcodes.hpp"
#include "vm/word.hpp"

namespace interlock::vm {

// `operands` are in the stack's order, topmost first, as many as the opcode takes. Returns std::nullopt if the opcode
// is not pure or does not leave exactly one word.
[[nodiscard]] std::optional<Word> compute(Opcode opcode, std::span<const Word> operands);

}  // namespace interlock::vm
