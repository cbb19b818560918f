// Runs that keep to the assumptions of the formulas of Figures 4 and 6 (formulas.hpp), so that both can be put side by side.
#pragma once

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

// Figure 6: transactions where a leader's line is full with blocks for everybody; and where work makes the blocks, of which
// so many are waited for, since their times are drawn.
[[nodiscard]] Measured transactions_of_leader(std::uint32_t nodes);
[[nodiscard]] Measured transactions_of_work(std::uint32_t nodes, std::uint32_t blocks);

}  // namespace interlock::chain::sim
