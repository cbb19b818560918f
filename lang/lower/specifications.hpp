// Decides which specifications inside bodies become instructions.
#pragma once

#include "lang/program/program.hpp"

namespace interlock::lang::lowering {

// Returns whether the lowered condition contains nothing that can fail or branch, so that it leaves no trace when it is
// erased. Other conditions are kept as open clauses (ir::Clause without a function).
[[nodiscard]] bool is_plain_condition(const Program& program, ExprId condition);

}  // namespace interlock::lang::lowering
