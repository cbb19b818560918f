// Proof of work in the simulation: forks that come and go, the laws of the tree, and the closed forms.
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

using consensus::BlockRef, consensus::BlockTree, consensus::find_engine;

SimulationOptions mining(std::uint32_t nodes, std::uint64_t seed) {
    SimulationOptions options = usual(*find_engine("pow"), nodes, seed);
    options.engine_options.most_blocks = 30;
    options.duration = 3600 * second;
    return options;
}

TEST(ProofOfWork, Row30AllNodesComeToTheSameSequenceOfTransactions) {
    Simulation simulation(mining(5, 1));
    const Outcome& outcome = simulation.run();
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_EQ(outcome.finalised, outcome.submitted);
    EXPECT_EQ(outcome.submitted, 30U);
    for (const Head& head : outcome.heads) EXPECT_EQ(head.hash, outcome.heads[0].hash);
    EXPECT_EQ(outcome.heads[0].height, 30U);
}

TEST(ProofOfWork, Row31AForkIsObservedAndThenResolved) {
    SimulationOptions options = mining(5, 2);
    options.engine_options.interval = 100 * millisecond;  // close to the latency: forks are common
    Simulation simulation(options);
    bool has_seen_fork = false;
    while (simulation.step()) {
        const Hash& first = simulation.engine(0).head()->hash;
        for (NodeId node = 1; node < 5; ++node)
            has_seen_fork |= simulation.engine(node).head()->hash != first &&
                             simulation.engine(node).head()->height() == simulation.engine(0).head()->height();
    }
    const Outcome& outcome = simulation.finish();
    EXPECT_TRUE(has_seen_fork);
    EXPECT_GT(outcome.reorganisations, 0U);
    EXPECT_GT(outcome.stale, 0U);
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    for (const Head& head : outcome.heads) EXPECT_EQ(head.hash, outcome.heads[0].hash);
}

}  // namespace
}  // namespace interlock::chain::sim
