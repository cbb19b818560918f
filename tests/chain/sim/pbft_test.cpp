// PBFT in the simulation: what it costs, what it survives, and what breaks it.
#include "chain/consensus/pbft/pbft.hpp"
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

using consensus::Pbft;

std::uint64_t view_of(Simulation& simulation, NodeId node) {
    return dynamic_cast<const Pbft&>(simulation.engine(node)).view();
}

TEST(PbftRuns, Row51AgreementValidityAndTermination) {
    Simulation simulation(run_of("pbft", 4, 1));
    const Outcome& outcome = simulation.run();
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_EQ(outcome.finalised, 30U);
    EXPECT_EQ(outcome.stale, 0U);
    for (const Head& head : outcome.heads) EXPECT_EQ(head.hash, outcome.heads[0].hash);
}

TEST(PbftRuns, Row53SurvivesFCrashesAndStopsSafelyAtOneMore) {
    for (const std::uint32_t nodes : {4U, 5U, 6U, 7U, 10U}) {
        std::string crashes;
        for (std::uint32_t i = 1; i <= Pbft::faults_of(nodes); ++i) crashes += "at 0s crash " + std::to_string(i) + "\n";
        (void)expect_all_final(run_of("pbft", nodes, nodes, crashes));
        crashes += "at 0s crash 0\n";
        const Outcome stopped = outcome_of(run_of("pbft", nodes, nodes, crashes));
        EXPECT_TRUE(stopped.holds()) << first_violation(stopped);
        // With N = 3f + 3 a quorum is left when f + 1 are down.
        EXPECT_EQ(stopped.finalised, nodes - Pbft::faults_of(nodes) - 1 >= Pbft::quorum_of(nodes) ? 30U : 0U) << nodes;
    }
}

// The primary sends N - 1 pre-prepares, each other node N - 1 prepares, and all N - 1 commits: 2N(N - 1).
TEST(PbftRuns, Row76CostsTwiceNSquaredMessagesABlock) {
    for (const std::uint32_t nodes : {4U, 7U, 10U, 13U}) {
        const SimulationOptions options = run_of("pbft", nodes, 1);
        const Outcome outcome = expect_all_final(options);
        const auto count = [&](std::string_view name) { return messages_named(*options.engine, outcome, name); };
        const std::uint64_t blocks = outcome.best_height, others = nodes - 1;
        EXPECT_EQ(count("pre-prepare"), blocks * others);
        EXPECT_EQ(count("prepare"), blocks * others * others);
        EXPECT_EQ(count("commit"), blocks * nodes * others);
        EXPECT_EQ(count("view-change"), 0U);
    }
}

TEST(PbftRuns, Row77EquivocatingPrimaryDividesNobody) {
    std::uint64_t changed = 0;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        Simulation simulation(run_of("pbft", 4, seed, "at 0s equivocate 0"));
        const Outcome& outcome = simulation.run();
        ASSERT_TRUE(outcome.holds()) << "seed " << seed << ": " << first_violation(outcome);
        EXPECT_EQ(outcome.finalised, outcome.submitted) << "seed " << seed;
        changed += view_of(simulation, 1) > 0;
    }
    EXPECT_GT(changed, 0U);  // it was noticed
}

TEST(PbftRuns, Row79APrimaryThatCrashedOrIsMuteOrLiesIsReplaced) {
    for (const std::string_view fault : {"at 0s crash 0", "at 0s mute 0", "at 0s pause 0", "at 0s withhold 0"}) {
        Simulation simulation(run_of("pbft", 4, 3, fault));
        const Outcome& outcome = simulation.run();
        EXPECT_TRUE(outcome.holds()) << fault << ": " << first_violation(outcome);
        EXPECT_EQ(outcome.finalised, outcome.submitted) << fault;
        EXPECT_GE(view_of(simulation, 1), 1U) << fault;
    }
}

// The primary, which node 3 does not hear, stops at every millisecond of its first block. What it proposed and nobody had committed must be proposed
// again in some of these runs: whoever prepared it tells so.
TEST(PbftRuns, Row79WhatWasPreparedSurvivesTheViewChange) {
    std::uint64_t undecided = 0;
    for (int time = 60; time < 160; ++time) {
        Simulation simulation(run_of("pbft", 4, 5, "at 0s partition 0 | 3\nat " + std::to_string(time) + "ms crash 0"));
        std::optional<std::uint64_t> final_before;
        while (!final_before && simulation.step())
            for (NodeId node = 1; node < 4; ++node)
                if (!final_before && view_of(simulation, node) > 0) {
                    final_before = 0;
                    for (NodeId other = 1; other < 4; ++other)
                        final_before = std::max(*final_before, simulation.engine(other).finalised()->height());
                }
        const Outcome& outcome = simulation.run();
        ASSERT_TRUE(outcome.holds()) << time << ": " << first_violation(outcome);
        EXPECT_EQ(outcome.finalised, outcome.submitted) << time;
        consensus::BlockRef next = simulation.engine(1).head();
        while (next->height() > *final_before + 1) next = simulation.engine(1).find(next->parent());
        undecided += next->header.coinbase == consensus::coinbase_of(0);
    }
    EXPECT_GT(undecided, 0U);
}

// Two of four are no quorum: some seed shows it, and the shortest script of faults still has the liar.
TEST(PbftRuns, Row74ASmallerQuorumIsFoundWrong) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        SimulationOptions options = run_of("pbft", 4, seed, "at 0s equivocate 0\nfrom 1s to 2s drop 5%\n");
        options.engine_options.quorum = 2;
        if (!breaks(outcome_of(options), "agreement")) continue;
        const Shrunk shrunk = shrink(options, "agreement");
        ASSERT_EQ(shrunk.options.faults.size(), 1U);
        EXPECT_EQ(shrunk.options.faults[0].kind, Fault::Equivocate);
        EXPECT_EQ(outcome_of(shrunk.options).run_hash, shrunk.outcome.run_hash);  // it replays
        return;
    }
    FAIL() << "no seed broke agreement";
}

// Two liars are more than four nodes tolerate.
TEST(PbftRuns, Row75TwoLiarsOfFourDivideTheOthers) {
    std::uint64_t divided = 0;
    for (std::uint64_t seed = 1; seed <= 100; ++seed)
        divided += breaks(outcome_of(run_of("pbft", 4, seed, "at 0s equivocate 0 1")), "agreement");
    EXPECT_GT(divided, 0U);
}

// Castro and Liskov's algorithm refines BPCon: each honest step is mapped and checked (refinement.hpp), here while the
// primaries fail. An engine that commits with fewer prepares is not a refinement.
TEST(PbftRuns, Row86RefinesBPConStepByStep) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed)
        (void)expect_all_final(
            run_of("pbft", 7, seed, "at 0s equivocate 0\nfrom 1s to 3s crash 1\nfrom 500ms to 4s drop 10%"));
    std::uint64_t found = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SimulationOptions hasty = run_of("pbft", 7, seed);
        hasty.engine_options.quorum = 2;
        found += breaks(outcome_of(hasty), "refinement");
    }
    EXPECT_GT(found, 0U);
}

// Classic Paxos sends one value in a ballot. If a pre-prepare is taken for its 2a and a prepare for its 2b, a primary that
// lies makes honest nodes vote for two: that mapping is no refinement, where the one to BPCon holds in the same run.
TEST(PbftRuns, Row87DoesNotRefineClassicPaxos) {
    SimulationOptions options = run_of("pbft", 4, 1, "at 0s equivocate 0");
    Refinement classic({3, false}, 4, {0});
    std::string trace;
    options.on_ghost = [&](NodeId node, const consensus::Ghost& ghost) {
        const bool is_commit = ghost.kind == consensus::Ghost::Vote && ghost.phase == 1;
        if (is_commit || !trace.empty()) return;
        trace = classic.step(node, ghost).value_or("");
    };
    (void)expect_all_final(options);
    EXPECT_EQ(trace, "there are votes for two values in ballot 0 of 1");
}

// While the network takes its time views change; from then on the first leader who is not faulty decides. Without a quorum
// of good nodes none does, and nothing wrong happens.
TEST(PbftRuns, Row89AfterStabilisationAGoodLeaderDecides) {
    const auto outcome_with = [](std::string_view faults) {
        SimulationOptions options = run_of("pbft", 7, 1, faults);
        options.network.latency = {Latency::Exponential, 0, 10 * second};
        options.network.stable_from = 6 * second;
        options.network.bound = 50 * millisecond;
        return outcome_of(options);
    };
    const Outcome decided = outcome_with("at 0s mute 0 1");
    EXPECT_TRUE(decided.holds()) << first_violation(decided);
    EXPECT_EQ(decided.finalised, decided.submitted);
    EXPECT_GT(decided.last_final, 6 * second);
    const Outcome stuck = outcome_with("at 0s mute 0 1 2");
    EXPECT_TRUE(stuck.holds()) << first_violation(stuck);
    EXPECT_EQ(stuck.finalised, 0U);
}

TEST(PbftRuns, Row95MessagesGrowWithTheSquareOfTheNodes) {
    const auto messages_of = [](std::uint32_t nodes) {
        const Outcome outcome = expect_all_final(run_of("pbft", nodes, 1));
        return static_cast<double>(outcome.all_messages()) / static_cast<double>(outcome.best_height);
    };
    EXPECT_NEAR(messages_of(31) / messages_of(4), 31.0 * 30 / (4 * 3), 0.2 * 31 * 30 / (4 * 3));
}

}  // namespace
}  // namespace interlock::chain::sim
