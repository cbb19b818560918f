// Internal functions taken in where they are called: what is seen of a function is then seen of all that it calls itself.
#pragma once

#include <vector>

#include "analyzer/deadline.hpp"
#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

// Returns the contract with entries and a constructor that call none of the functions of the source, as far as they call none
// that calls itself and do not grow too long. What the compiler makes for its own use is called as before.
[[nodiscard]] lang::ir::Contract with_calls_taken_in(const lang::ir::Contract& contract);

// Returns the contract without the ways that no run of an entry goes, of which it is one of these. `runs_elsewhere`: its code is
// run by a proxy. Throws NotCovered and OutOfTime.
[[nodiscard]] lang::ir::Contract without_dead_ways(const std::vector<const lang::ir::Contract*>& contracts,
                                                   std::size_t subject, const Deadline& deadline, bool runs_elsewhere);

}  // namespace interlock::analyzer::prover
