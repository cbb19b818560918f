// Sums, differences and products of code from before 0.8, which wrap around, but are looked at as SafeMath does it:
//
//     c = a + b; require(c >= a)      require(b <= a); c = a - b      c = a * b; require(c / a == b)
//
// Whoever gets past that has what a checked operation gives, and whoever does not reverts, as it would. So the operation is
// marked as checked in a copy for proofs; what readers of the IR know of checked ones then holds for these. Where a function
// answers such a sum or difference and does nothing else, the operation stands in the place of its calls.
#pragma once

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

[[nodiscard]] lang::ir::Contract with_guarded_sums(lang::ir::Contract contract);

}  // namespace interlock::analyzer::prover
