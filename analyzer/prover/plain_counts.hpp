// What counts through numbers, in one way of writing: `for (id = first; id < first + n; ++id)` as a loop that counts from zero to n,
// and adds first.
#pragma once

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

// Returns the contract with such loops instead, where the first number was read from a variable.
[[nodiscard]] lang::ir::Contract with_plain_counts(lang::ir::Contract contract);

}  // namespace interlock::analyzer::prover
