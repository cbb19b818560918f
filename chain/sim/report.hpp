// Pages about runs that need nothing but themselves: no script and no other resource.
#pragma once

#include "chain/sim/comparison.hpp"

namespace interlock::chain::sim {

// The block tree, the messages of the beginning, and how long transactions took. The messages must have been recorded
// (`SimulationOptions::record`).
[[nodiscard]] std::string page_of(const Simulation& simulation);

// Curves of all engines as the network grows, with the formulas beside them, and the table.
[[nodiscard]] std::string page_of(const Comparison& comparison);

}  // namespace interlock::chain::sim
