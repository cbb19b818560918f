// Runs that are worth having: the usual one of an engine, the one that a seed makes difficult, and many of those.
#pragma once

#include "chain/sim/simulation.hpp"

namespace interlock::chain::sim {

// A run with the engine's usual times and some transfers. Nothing goes wrong.
[[nodiscard]] SimulationOptions usual(const consensus::EngineEntry& engine, std::uint32_t nodes, std::uint64_t seed);

// The same with faults within what the engine tolerates, drawn from the seed. Then everything heals, and the run must come
// to an end: engines that are lively make every transaction final.
[[nodiscard]] SimulationOptions difficult(const consensus::EngineEntry& engine, std::uint32_t nodes, std::uint64_t seed);

// How long faults last in a difficult run.
[[nodiscard]] Nanoseconds fault_time(const consensus::EngineEntry& engine);

// Leaves out faults, transactions and time as long as the run still breaks the same rule. The result replays.
struct Shrunk {
    SimulationOptions options;
    Outcome outcome;
    std::uint64_t runs = 0;
};
[[nodiscard]] Shrunk shrink(SimulationOptions options, std::string_view rule, std::uint64_t most_runs = 400);

}  // namespace interlock::chain::sim
