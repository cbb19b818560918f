// The closed forms give the numbers that their authors published.
#include "chain/sim/formulas.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace interlock::chain::sim {
namespace {

TEST(Formulas, Row38CatchUp) {
    const double tenth[] = {1, .2045873, .0509779, .0131722, .0034552, .0009137, .0002428};
    for (unsigned z = 0; z < 7; ++z) EXPECT_NEAR(nakamoto_catch_up(.1, z), tenth[z], 5.1e-8) << z;
    const double deep[] = {6.47e-5, 1.73e-5, 4.6e-6, 1.2e-6};
    for (unsigned z = 7; z < 11; ++z) EXPECT_NEAR(nakamoto_catch_up(.1, z), deep[z - 7], 5.1e-8) << z;
    const double third[] = {.1773523, .0416605, .0101008, .0024804, .0006132, .0001522};
    for (unsigned i = 0; i < 6; ++i) EXPECT_NEAR(nakamoto_catch_up(.3, 5 * (i + 1)), third[i], 5.1e-8) << i;
    const double exact[] = {.2, .056, .01712, .005456, .0017818, .0005914};
    for (unsigned z = 1; z < 7; ++z) EXPECT_NEAR(exact_catch_up(.1, z), exact[z - 1], 5.1e-8) << z;
    EXPECT_EQ(exact_catch_up(.51, 6), 1);
}

TEST(Formulas, Row45SelfishRevenue) {
    const double shares[] = {.1, .2, .25, .3, 1. / 3, .4, .45};
    const double none[] = {.0356, .1297, .1951, .2731, .3333, .4837, .6518};
    const double half[] = {.0724, .1824, .25, .3269, .3846, .5256, .6806};
    const double all[] = {.1092, .2352, .3049, .3806, .4359, .5674, .7094};
    for (int i = 0; i < 7; ++i) {
        EXPECT_NEAR(selfish_revenue(shares[i], 0), none[i], 5.1e-5);
        EXPECT_NEAR(selfish_revenue(shares[i], .5), half[i], 5.1e-5);
        EXPECT_NEAR(selfish_revenue(shares[i], 1), all[i], 5.1e-5);
    }
}

TEST(Formulas, Row42StaleRate) {
    EXPECT_NEAR(stale_rate(2, 600), .00333, 5e-6);
    EXPECT_NEAR(stale_rate(12.6, 600), .02078, 5e-6);
    EXPECT_NEAR(stale_rate(.42, 600), .0007, 5e-6);
    EXPECT_NEAR(stale_rate(2.3, 12.42), .16905, 5e-6);
}

TEST(Formulas, Row97PaxosMostRounds) {
    const std::pair<unsigned, double> known[] = {{3, 12333.2}, {5, 7535.0},  {7, 5424.6}, {9, 4237.7}, {11, 3476.9},
                                                 {15, 2558.3}, {25, 1540.7}, {51, 757.4}, {101, 383.0}};
    for (const auto& [nodes, rounds] : known) EXPECT_NEAR(paxos_most_rounds(nodes), rounds, .051) << nodes;
}

TEST(Formulas, Row96WaitForTheLeader) {
    const std::tuple<unsigned, double, double> known[] = {{3, .0189, .1005}, {5, .0536, .3729}, {9, .1911, 8.7624}};
    for (const auto& [nodes, quiet, busy] : known) {
        EXPECT_NEAR(marchal_wait(nodes, 1000), quiet, 5.1e-5) << nodes;
        EXPECT_NEAR(marchal_wait(nodes, 4000), busy, 5.1e-5) << nodes;
    }
}

TEST(Formulas, Row98PaxosIsSlowerThanProofOfWorkFrom7153NodesOn) {
    EXPECT_EQ(Blocks{}.transactions(), 2118);
    EXPECT_NEAR(work_throughput(), 3.53, 5e-7);
    const std::pair<unsigned, double> known[] = {
        {2000, 12.6243}, {5000, 5.0497}, {7000, 3.6069}, {7200, 3.5067}, {9800, 2.5764}};
    for (const auto& [nodes, rate] : known) EXPECT_NEAR(paxos_throughput(nodes), rate, 5.1e-5) << nodes;
    EXPECT_EQ(crossover(), 7153U);
}

TEST(Formulas, Row99ALeaderNeedsLongToSendToTenThousand) {
    Blocks small;
    small.bytes = 1024;
    EXPECT_NEAR(seconds_to_send(10'000, small), .8192, 1e-9);
    EXPECT_NEAR(seconds_to_send(10'000), 838.86, .001);
}

}  // namespace
}  // namespace interlock::chain::sim
