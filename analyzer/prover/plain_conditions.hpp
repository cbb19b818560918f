// Conditions of several parts, as the parts: `require(a && b)` as two guards, and `if (a || b)` as two forks.
#pragma once

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

// Returns the contract with jumps that go where the condition that they pass on leads them, or end where it undoes everything.
[[nodiscard]] lang::ir::Contract with_plain_conditions(lang::ir::Contract contract);

}  // namespace interlock::analyzer::prover
