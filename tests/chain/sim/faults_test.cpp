// Each fault by its name: it happens, and is survived by an engine that is built to survive it.
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

struct FaultCase {
    std::string_view name, engine, script;
    Fault::Kind kind;
};

const FaultCase fault_cases[] = {
    {"CrashDurable", "pbft", "from 200ms to 1s crash 1 durable", Fault::Crash},
    {"CrashTorn", "pbft", "from 200ms to 1s crash 1 torn\nfrom 1500ms to 2s crash 1 torn", Fault::Crash},
    {"CrashLost", "multipaxos", "from 200ms to 1s crash 0 lost", Fault::Crash},
    {"CrashOneAfterAnother", "multipaxos", "from 200ms to 1s crash 0 torn\nfrom 1100ms to 2s crash 1 torn", Fault::Crash},
    {"Pause", "pbft", "from 200ms to 3s pause 0", Fault::Pause},
    {"PartitionSymmetric", "multipaxos", "from 200ms to 3s partition 0 | 1 2 3", Fault::Partition},
    {"PartitionOneWay", "pbft", "from 200ms to 3s partition 0 > 1 2 3", Fault::Partition},
    {"PartitionInHalves", "pbft", "from 200ms to 3s partition 0 1 | 2 3", Fault::Partition},
    {"Clog", "multipaxos", "from 200ms to 3s clog 0 | 1 2 3", Fault::Clog},
    {"Delay", "pbft", "from 200ms to 3s delay 700ms", Fault::Delay},
    {"Drop", "multipaxos", "from 200ms to 3s drop 30%", Fault::Drop},
    {"Duplicate", "pbft", "from 0s to 3s duplicate 50%", Fault::Duplicate},
    {"CorruptSigned", "pbft", "from 0s to 3s corrupt 10%", Fault::Corrupt},
    {"CorruptChecksummed", "multipaxos", "from 0s to 3s corrupt 10%", Fault::Corrupt},
    {"Skew", "pbft", "from 100ms to 3s skew 1 -2s", Fault::Skew},
    {"ClockStepsForward", "multipaxos", "from 500ms to 600ms skew 0 5s", Fault::Skew},
    {"Drift", "multipaxos", "from 0s to 3s drift 1 10%", Fault::Drift},
    {"Mute", "pbft", "at 0s mute 0", Fault::Mute},
    {"Equivocate", "pbft", "at 0s equivocate 0", Fault::Equivocate},
    {"Withhold", "pbft", "at 0s withhold 0", Fault::Withhold},
    {"Babble", "pbft", "at 0s babble 0", Fault::Babble},
    {"BabbleToALinearLeader", "linear-pbft", "at 0s babble 1", Fault::Babble},
    {"BabbleInACouncil", "byzcoin", "at 0s babble 0", Fault::Babble},
};

class Faults : public testing::TestWithParam<FaultCase> {};

TEST_P(Faults, Row49IsSurvived) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const Outcome outcome = expect_all_final(run_of(GetParam().engine, 4, seed, GetParam().script));
        EXPECT_GT(outcome.faults[GetParam().kind], 0U);
    }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, Faults, testing::ValuesIn(fault_cases),
                         [](const auto& info) { return std::string(info.param.name); });

// Kinds, views, heights, blocks and certificates in every combination, each rightly signed: two liars of seven, who say as
// much again as they should, divide nobody and stop nobody.
TEST(Faults, Row77WhateverLiarsCanSignIsSurvived) {
    for (const char* engine : {"pbft", "linear-pbft", "byzcoin"})
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            SimulationOptions options = run_of(engine, 7, seed, "at 0s babble 0\nat 0s babble 3\nfrom 1s to 2s drop 5%");
            const Outcome lied = outcome_of(options);
            ASSERT_TRUE(lied.holds()) << engine << ", seed " << seed << ": " << first_violation(lied);
            EXPECT_EQ(lied.finalised, lied.submitted) << engine << ", seed " << seed;
        }
}

// One more than the engine is built for, where they also equivocate.
TEST(Faults, Row75WhatAThirdOfLiarsSayDividesTheOthers) {
    std::uint64_t divided = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed)
        divided += breaks(outcome_of(run_of("pbft", 4, seed, "at 0s equivocate 0 1\nat 0s babble 0 1")), "agreement");
    EXPECT_GT(divided, 0U);
}

// Whoever has missed blocks walks down to them from a later one, and begins again where an answer on the way is lost: otherwise
// the blocks above wait for ever.
TEST(Faults, Row49NodesOfTreesCatchUpThoughAnswersAreLost) {
    for (const char* engine : {"pow", "bitcoin-ng", "poa", "stake"})
        for (std::uint64_t seed = 1; seed <= 5; ++seed) {
            const Outcome outcome = outcome_of(run_of(engine, 12, seed, "at 0s drop 10%"));
            EXPECT_TRUE(outcome.holds()) << engine << ", seed " << seed << ": " << first_violation(outcome);
            EXPECT_GT(outcome.best_height, 20U) << engine;
            for (const Head& head : outcome.heads)
                EXPECT_GE(head.height + 4, outcome.best_height) << engine << ", seed " << seed;
        }
}

// Who loses a disk that the others rely on can break any of these promises.
TEST(Faults, AmnesiaIsMoreThanPaxosSurvives) {
    std::uint64_t broken = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
        broken += !outcome_of(run_of("multipaxos", 3, seed,
                                     "from 300ms to 400ms crash 1 amnesia\nfrom 600ms to 700ms crash 2 amnesia\n"
                                     "from 500ms to 4s partition 0 | 1 2"))
                       .holds();
    EXPECT_EQ(broken, 20U);
}

// What is sent at x arrives by max(x, GST) + bound, and before GST it may take as long as it likes.
TEST(Faults, Row52AfterStabilisationMessagesArriveWithinTheBound) {
    SimulationOptions options = run_of("pbft", 4, 1);
    options.network.latency = {Latency::Exponential, 0, 3 * second};
    options.network.stable_from = 8 * second;
    options.network.bound = 50 * millisecond;
    options.record = 100'000;
    Simulation simulation(options);
    const Outcome& outcome = simulation.run();
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_EQ(outcome.finalised, outcome.submitted);
    Nanoseconds longest = 0;
    for (const RecordedMessage& message : simulation.messages()) {
        EXPECT_LE(message.arrives, std::max(message.sent, options.network.stable_from) + options.network.bound);
        longest = std::max(longest, message.arrives - message.sent);
    }
    EXPECT_GT(longest, second);
}

TEST(Faults, Row50AMinersClockThatIsWrongDoesNotDivideTheNodes) {
    const Outcome outcome = outcome_of(run_of("pow", 5, 1, "at 0s skew 0 15s\nat 0s skew 1 -15s"));
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_GT(outcome.finalised, 0U);
}

TEST(FaultScripts, AreReadAsTheyAreWritten) {
    Random random(1, 2);
    for (int i = 0; i < 200; ++i) {
        const std::vector<Fault> drawn = draw_faults({2, 2, true, true}, 7, 10 * second, random);
        const auto read = parse_faults(text_of(drawn), 7);
        ASSERT_TRUE(std::holds_alternative<std::vector<Fault>>(read)) << text_of(drawn);
        EXPECT_EQ(std::get<0>(read), drawn) << text_of(drawn);
    }
}

TEST(FaultScripts, SayWhatIsWrongWithThem) {
    for (const std::string_view text : {"crash 1", "from 2s to 1s crash 0", "at 1s crash 9", "at 1s explode 1",
                                        "at x drop 1%", "from 1s drop", "at 0s partition 0 1", "at 0s drop 200%"})
        EXPECT_TRUE(std::holds_alternative<ScriptError>(parse_faults(text, 4))) << text;
}

}  // namespace
}  // namespace interlock::chain::sim
