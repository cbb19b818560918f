// Yul's built-in functions: the machine's opcodes under their names.
#pragma once

#include <optional>
#include <string_view>

#include "lang/syntax/yul_tree.hpp"
#include "vm/opcodes.hpp"
#include "vm/word.hpp"

namespace interlock::lang {

// The opcode that a built-in function stands for on the fork that code is made for; POP for `pop`. It is std::nullopt
// where there is no such function, or none that assembly may use (jumps, pushes, `pc`).
[[nodiscard]] std::optional<vm::Opcode> yul_builtin(std::string_view name);

// The word that a literal means, texts left-aligned; std::nullopt where it does not fit.
[[nodiscard]] std::optional<vm::Word> value_of(const YulExpr& literal);

}  // namespace interlock::lang
