// MultiPaxos in the simulation: a stable leader, leaders that duel, and what crashes do.
#include "chain/consensus/multipaxos/multipaxos.hpp"
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

TEST(MultiPaxosRuns, Row51AgreementValidityAndTermination) {
    const Outcome outcome = expect_all_final(run_of("multipaxos", 5, 1));
    for (const Head& head : outcome.heads) EXPECT_EQ(head.hash, outcome.heads[0].hash);
}

TEST(MultiPaxosRuns, Row53SurvivesFCrashesAndStopsSafelyAtOneMore) {
    for (const std::uint32_t nodes : {3U, 5U, 7U, 9U}) {
        std::string crashes;
        for (std::uint32_t i = 0; i < nodes / 2; ++i) crashes += "at 500ms crash " + std::to_string(i) + "\n";
        (void)expect_all_final(run_of("multipaxos", nodes, nodes, crashes));
        crashes += "at 500ms crash " + std::to_string(nodes / 2) + "\n";
        const Outcome stopped = outcome_of(run_of("multipaxos", nodes, nodes, crashes));
        EXPECT_TRUE(stopped.holds()) << first_violation(stopped);
        EXPECT_LT(stopped.finalised, stopped.submitted);
    }
}

// Phase 1 is done once for all blocks; then a block costs an accept to each other node and its answer.
TEST(MultiPaxosRuns, Row57AStableLeaderNeedsPhaseTwoAlone) {
    for (const std::uint32_t nodes : {3U, 5U, 9U}) {
        const SimulationOptions options = run_of("multipaxos", nodes, 1);
        const Outcome outcome = expect_all_final(options);
        const auto count = [&](std::string_view name) { return messages_named(*options.engine, outcome, name); };
        EXPECT_EQ(count("prepare (1a)"), nodes - 1);
        EXPECT_EQ(count("promise (1b)"), nodes - 1);
        EXPECT_EQ(count("accept (2a)"), outcome.best_height * (nodes - 1));
        EXPECT_EQ(count("accepted (2b)"), outcome.best_height * (nodes - 1));
    }
}

// Two nodes that do not hear one another and wait for less than a round trip take the lead from each other for ever. With
// patience each has its time to get something decided.
TEST(MultiPaxosRuns, Row58DuellingLeadersStallAndBackingOffRestoresProgress) {
    SimulationOptions duel = run_of("multipaxos", 3, 1, "at 0s partition 0 | 1");
    duel.network.latency = {Latency::Fixed, 20 * millisecond};
    duel.duration = 20 * second;
    duel.engine_options.timeout = 12 * millisecond;
    const Outcome stalled = outcome_of(duel);
    EXPECT_TRUE(stalled.holds()) << first_violation(stalled);
    EXPECT_LT(stalled.finalised, stalled.submitted);
    EXPECT_GT(messages_named(*duel.engine, stalled, "prepare (1a)"), 500U);
    duel.engine_options.timeout = 500 * millisecond;
    (void)expect_all_final(duel);
}

// Where a majority does not hear a leader, it elects another; the old one learns what it missed.
TEST(MultiPaxosRuns, AnIsolatedLeaderIsReplacedAndCatchesUp) {
    const SimulationOptions options = run_of("multipaxos", 5, 2, "from 300ms to 6s partition 0 | 1 2 3 4");
    Simulation simulation(options);
    const Outcome& outcome = simulation.run();
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_EQ(outcome.finalised, outcome.submitted);
    for (const Head& head : outcome.heads) EXPECT_EQ(head.hash, outcome.heads[0].hash);
    EXPECT_GT(messages_named(*options.engine, outcome, "promise (1b)"), 4U);
}

// A quorum of one lets two leaders decide differently; the refinement notices the first vote that is not safe.
TEST(MultiPaxosRuns, Row55ASmallerQuorumIsFoundWrong) {
    SimulationOptions options = run_of("multipaxos", 3, 1, "from 300ms to 5s partition 0 | 1 2");
    options.engine_options.quorum = 1;
    const Outcome outcome = outcome_of(options);
    EXPECT_TRUE(breaks(outcome, "refinement"));
    EXPECT_TRUE(breaks(outcome, "agreement"));
}

}  // namespace
}  // namespace interlock::chain::sim
