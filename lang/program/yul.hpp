// Yul's built-in functions: the machine's opcodes by name.
#pragma once

#include <optional>
#include <string_view>

#include "lang/syntax/yul_tree.hpp"
#include "vm/opcodes.hpp"
#include "vm/word.hpp"

namespace interlock::lang {

// Returns the opcode of a built-in function on the fork for which code is made; `pop` is POP. Returns std::nullopt if
// there is no such function, or if assembly may not use it (jumps, pushes, `pc`).
[[nodiscard]] std::optional<vm::Opcode> yul_builtin(std::string_view name);

// Answers whether nothing in assembly can have that name, though no function stands behind it here.
[[nodiscard]] bool is_reserved_in_yul(std::string_view name);

// Returns the word of a literal, with texts left-aligned, or std::nullopt if it does not fit.
[[nodiscard]] std::optional<vm::Word> value_of(const YulExpr& literal);

}  // namespace interlock::lang
