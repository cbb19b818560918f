// Which specifications inside of bodies become instructions.
#pragma once

#include "lang/program/program.hpp"

namespace interlock::lang::lowering {

// Whether lowering the condition makes values only: nothing that can fail or branch, so that it leaves no trace when it is
// erased. Others are kept as open clauses (ir::Clause without a function).
[[nodiscard]] bool is_plain_condition(const Program& program, ExprId condition);

}  // namespace interlock::lang::lowering
