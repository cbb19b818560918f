// A run that was simulated, once more in processes: each node is one, with a file as its disk, and is told over TCP what it
// was told in the simulation. Whatever it sends and whatever it comes to must be the same; where a node crashed there it is
// killed here.
#pragma once

#include <string>

#include "chain/sim/simulation.hpp"

namespace interlock::chain::process {

struct ReplayOutcome {
    std::size_t steps = 0, messages = 0, restarts = 0;
    std::uint64_t height = 0;  // of final blocks in the simulation
    std::string difference;    // the first, where processes did otherwise
    std::string error;         // why it could not be tried

    [[nodiscard]] bool holds() const { return error.empty() && difference.empty(); }
};

// Simulates with ECDSA, and replays. What the network or a liar made of a message is what the receiver is told here, too.
// `change` may spoil the trace before, for tests of this test.
[[nodiscard]] ReplayOutcome replay_in_processes(sim::SimulationOptions options,
                                                const std::function<void(sim::Trace&)>& change = {});

}  // namespace interlock::chain::process
