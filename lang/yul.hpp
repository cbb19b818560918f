// Yul's built-in functions: the machine's opcodes under their names.
#pragma once

#include <optional>
#include <string_view>

#include "vm/opcodes.hpp"

namespace interlock::lang {

// The opcode that a built-in function stands for on the fork that code is made for; POP for `pop`. None: there is no such
// function, or none that assembly may use (jumps, pushes, `pc`).
[[nodiscard]] std::optional<vm::Opcode> yul_builtin(std::string_view name);

}  // namespace interlock::lang
