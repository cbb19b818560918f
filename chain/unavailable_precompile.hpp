// Which precompile made a transaction fail that this machine does not have (Status::PrecompileUnavailable).
#pragma once

#include "chain/execution.hpp"

namespace interlock::chain {

// Its name, "point_evaluation"; of static storage. Runs the transaction again, traced, and leaves the state as it is:
// the one that the transaction found. Empty when it calls none.
[[nodiscard]] std::string_view unavailable_precompile(State&, const Transaction&);

}  // namespace interlock::chain
