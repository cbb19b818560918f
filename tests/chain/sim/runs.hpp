// What tests of simulated networks share.
#pragma once

#include <gtest/gtest.h>

#include "chain/sim/scenario.hpp"

namespace interlock::chain::sim {

inline std::string first_violation(const Outcome& outcome) {
    return outcome.holds() ? "" : std::string(outcome.violations[0].rule) + ": " + outcome.violations[0].text;
}

inline bool breaks(const Outcome& outcome, std::string_view rule) {
    return std::ranges::count(outcome.violations, rule, &Violation::rule) > 0;
}

// The usual run of an engine with faults as a person writes them.
inline SimulationOptions run_of(std::string_view engine, std::uint32_t nodes, std::uint64_t seed,
                                std::string_view faults = "") {
    SimulationOptions options = usual(*consensus::find_engine(engine), nodes, seed);
    const auto parsed = parse_faults(faults, nodes);
    if (const auto* error = std::get_if<ScriptError>(&parsed)) ADD_FAILURE() << error->message;
    else options.faults = std::get<0>(parsed);
    return options;
}

inline Outcome outcome_of(const SimulationOptions& options) {
    Simulation simulation(options);
    return simulation.run();
}

// Expects that all invariants hold and every transaction becomes final.
inline Outcome expect_all_final(const SimulationOptions& options) {
    Outcome outcome = outcome_of(options);
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_EQ(outcome.finalised, outcome.submitted);
    EXPECT_GT(outcome.submitted, 0U);
    return outcome;
}

inline std::uint64_t messages_named(const consensus::EngineEntry& engine, const Outcome& outcome, std::string_view name) {
    for (std::size_t kind = 0; kind < engine.message_kinds.size(); ++kind)
        if (engine.message_kinds[kind] == name) return outcome.messages[kind];
    ADD_FAILURE() << "there is no message " << name;
    return 0;
}

}  // namespace interlock::chain::sim
