// What undoes everything where a condition does not hold, in one way of writing: `if (x) revert E(…);` as `require(!x);`.
#pragma once

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

// Returns the contract with guards instead of forks of which one way only says, with words that are there already, why
// everything is undone. Why it was is left out.
[[nodiscard]] lang::ir::Contract with_plain_guards(lang::ir::Contract contract);

}  // namespace interlock::analyzer::prover
