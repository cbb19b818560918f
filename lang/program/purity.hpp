// Whether an expression's value is known without looking at state: solc's "pure", which constants must be.
// (Solidity documentation, "Constant and Immutable State Variables".)
#pragma once

#include "lang/program/program.hpp"

namespace interlock::lang {

// The expression, with all that is in it, has been checked.
[[nodiscard]] bool is_pure(const Program& program, ExprId id);

}  // namespace interlock::lang
