// Finds the precompile that made a transaction fail because this machine lacks it (Status::PrecompileUnavailable).
#pragma once

#include "chain/execution.hpp"

namespace interlock::chain {

// Returns its name, such as "point_evaluation", in static storage, or an empty text if no such precompile is called.
// Runs the transaction again with a tracer. The state must be the one that the transaction found; it is left unchanged.
[[nodiscard]] std::string_view unavailable_precompile(State&, const Transaction&);

}  // namespace interlock::chain
