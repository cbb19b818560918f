// Entries that only make calls which their caller can make as well, one after the other: `claimMany`, `releaseAll`, `exit`.
#pragma once

#include <cstdint>
#include <set>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

// Returns the indices of functions that read, and call functions that other entries call with any arguments, and do nothing
// else. None of those entries relies on one that is returned in turn, so it is enough to look at the others.
[[nodiscard]] std::set<std::uint32_t> scripts_of(const lang::ir::Contract& contract);

}  // namespace interlock::analyzer::prover
