// Runs that keep to the assumptions of the formulas of Figures 4 and 6 (formulas.hpp), so that both can be put side by side.
#pragma once

#include <optional>
#include <vector>

#include "chain/sim/outcome.hpp"

namespace interlock::chain::sim {

struct Measured {
    std::uint32_t nodes = 0;
    double formula = 0, simulated = 0;  // a second
    Outcome outcome;
};

// Figure 4: rounds of a Paxos leader whose processor needs some time for each message that arrives, and who waits for nothing
// else. Requests come from another node, so that a round costs as many messages as there are nodes.
[[nodiscard]] Measured rounds_of_leader(std::uint32_t nodes);

// Figure 6: transactions where a leader's line is full with blocks for everybody, as long with each as with 1 MiB at
// 100 Mbit/s; and where work makes the blocks,
// of which so many are waited for, since their times are drawn.
[[nodiscard]] Measured transactions_of_leader(std::uint32_t nodes);
[[nodiscard]] Measured transactions_of_work(std::uint32_t nodes, std::uint32_t blocks);

// The number of nodes from which work is not slower, between those that were simulated, which ascend. Nothing: the simulated
// curves do not cross.
[[nodiscard]] std::optional<double> crossing_of(const std::vector<Measured>& leader, const std::vector<Measured>& work);

}  // namespace interlock::chain::sim
