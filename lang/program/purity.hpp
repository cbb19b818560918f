// Decides whether an expression's value is known without reading state. This is solc's "pure", which constants must be.
// (Solidity documentation, "Constant and Immutable State Variables".)
#pragma once

#include "lang/program/program.hpp"

namespace interlock::lang {

// The expression and all its parts must have been checked.
[[nodiscard]] bool is_pure(const Program& program, ExprId id);

}  // namespace interlock::lang
