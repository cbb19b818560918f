// Timeouts as failure detectors, in the sense of Chandra and Toueg: who crashed is suspected in the end, and from some time
// on somebody correct is not. A node that promises a new ballot has suspected the leader of the one before.
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

struct Suspicions {
    std::size_t before = 0, calm = 0, after = 0;  // until the network is stable, while all are well, behind the crash
    Outcome outcome;
};

Suspicions suspicions_of(std::string_view engine, std::uint32_t nodes, std::uint64_t seed, std::string_view crash) {
    constexpr Nanoseconds stable = 10 * second, settled = 20 * second, crashes = 30 * second;
    SimulationOptions options = run_of(engine, nodes, seed, crash);
    options.network.latency = {Latency::Exponential, 0, second};
    options.network.stable_from = stable;
    options.network.bound = 50 * millisecond;
    options.workload = std::make_shared<const Workload>(transfers(60, second, 4, seed));
    options.duration = 60 * second;
    options.stops_when_settled = false;
    Suspicions found;
    const Simulation* running = nullptr;
    options.on_ghost = [&](NodeId, const consensus::Ghost& ghost) {
        if (ghost.kind != consensus::Ghost::Promise || !running) return;
        const Nanoseconds now = running->now();
        if (now < stable) ++found.before;
        else if (now > crashes) ++found.after;
        else if (now >= settled) ++found.calm;  // before that the first leader takes its time
    };
    Simulation simulation(options);
    running = &simulation;
    found.outcome = simulation.run();
    return found;
}

TEST(Suspicions, Row59EndOnceTheNetworkIsStableAndBeginAgainWhenTheLeaderCrashes) {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const Suspicions calm = suspicions_of("multipaxos", 5, seed, "");
        EXPECT_TRUE(calm.outcome.holds()) << first_violation(calm.outcome);
        EXPECT_GT(calm.before, 0U);
        EXPECT_EQ(calm.calm, 0U) << seed;
        EXPECT_EQ(calm.after, 0U) << seed;
        // One of the three runs takes away who leads.
        const Suspicions first = suspicions_of("multipaxos", 5, seed, "at 30s crash 0\nat 30s crash 1");
        const Suspicions last = suspicions_of("multipaxos", 5, seed, "at 30s crash 2\nat 30s crash 3");
        const Suspicions fifth = suspicions_of("multipaxos", 5, seed, "at 30s crash 4");
        for (const Suspicions& run : {first, last, fifth}) EXPECT_TRUE(run.outcome.holds()) << first_violation(run.outcome);
        EXPECT_GT(first.after + last.after + fifth.after, 0U) << seed;
        EXPECT_TRUE(first.after == 0 || last.after == 0 || fifth.after == 0) << seed;
    }
}

}  // namespace
}  // namespace interlock::chain::sim
