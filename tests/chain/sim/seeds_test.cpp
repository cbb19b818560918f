// Every engine under faults drawn from seeds: as many as it tolerates, then all heals, and it must come to an end.
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

constexpr std::uint64_t seeds_of_each = 1000;

class Seeds : public testing::TestWithParam<std::string_view> {
  protected:
    const consensus::EngineEntry& engine() const { return *consensus::find_engine(GetParam()); }
};

TEST_P(Seeds, Row49AThousandHoldTheInvariants) {
    std::uint64_t events = 0;
    for (std::uint64_t seed = 1; seed <= seeds_of_each; ++seed) {
        const Outcome outcome = outcome_of(difficult(engine(), 4 + seed % 2, seed));
        events += outcome.events;
        ASSERT_TRUE(outcome.holds()) << "seed " << seed << ": " << first_violation(outcome);
    }
    EXPECT_GT(events, seeds_of_each * 100);
}

TEST_P(Seeds, TheSameSeedIsTheSameRun) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const Outcome once = outcome_of(difficult(engine(), 4, seed)), again = outcome_of(difficult(engine(), 4, seed));
        EXPECT_EQ(once.run_hash, again.run_hash);
        EXPECT_EQ(once.events, again.events);
        EXPECT_NE(once.run_hash, outcome_of(difficult(engine(), 4, seed + 100)).run_hash);
    }
}

INSTANTIATE_TEST_SUITE_P(Engines, Seeds,
                         testing::Values("pow", "bitcoin-ng", "poa", "stake", "instant", "pbft", "linear-pbft", "byzcoin",
                                         "multipaxos"),
                         [](const auto& info) {
                             std::string name(info.param);
                             std::erase(name, '-');
                             return name;
                         });

// The same on every machine, compiler and library: a hash that changes means that runs are not what they were.
TEST(RunHash, IsWhatItWas) {
    const std::pair<std::string_view, std::uint64_t> known[] = {
        {"pow", 10588263861441988290U},        {"poa", 5498436731120452991},         {"instant", 5704163267620288700},
        {"bitcoin-ng", 17263199294749028322U}, {"stake", 11897408607916435808U},     {"pbft", 9059576714608445917},
        {"multipaxos", 16185582463955072108U}, {"linear-pbft", 1415638806441100422}, {"byzcoin", 13130726900281824353U}};
    for (const auto& [name, hash] : known)
        EXPECT_EQ(outcome_of(difficult(*consensus::find_engine(name), 4, 7)).run_hash, hash)
            << name << ": if the engine or the simulator was changed on purpose, write the new hash down here";
}

}  // namespace
}  // namespace interlock::chain::sim
