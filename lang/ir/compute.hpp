// Computes the result of an operation on known words, as the code that is made of it does.
#pragma once

#include <optional>
#include <span>

#include "lang/ir/ir.hpp"

namespace interlock::lang::ir {

// `operands` are values of the types `types`, in the instruction's order. Returns std::nullopt if the operation would fail,
// depends on more than its operands, or has operands or a result that are not words.
[[nodiscard]] std::optional<Word> compute(const Instruction& instruction, std::span<const Word> operands,
                                          std::span<const Type> types);

}  // namespace interlock::lang::ir
