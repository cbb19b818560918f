// Proof of work against its closed forms: races, stale blocks, selfish pools, many names; and where agreement fails.
#include <cmath>

#include "chain/consensus/proof_of_work/selfish.hpp"
#include "chain/sim/formulas.hpp"
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

using consensus::TieBreak;

// Nodes that mine empty blocks, one every ten seconds.
SimulationOptions miners(std::uint32_t nodes, std::uint64_t seed, std::string_view faults = "") {
    SimulationOptions options = run_of("pow", nodes, seed, faults);
    static const auto nothing = std::make_shared<const Workload>();
    options.workload = nothing;
    options.has_own_ledgers = false;
    options.engine_options.interval = 10 * second;
    options.engine_options.pushes = true;
    options.duration = 1'000'000 * second;
    options.network.latency = {Latency::Fixed, millisecond};
    return options;
}

// Of the blocks on the branch that a node takes for the best, how many are by each node.
std::vector<std::uint64_t> blocks_by_node(Simulation& simulation, NodeId observer, std::uint32_t nodes) {
    std::vector<std::uint64_t> counts(nodes);
    for (consensus::BlockRef at = simulation.engine(observer).head(); at && at->height() > 0;
         at = simulation.engine(observer).find(at->parent()))
        for (NodeId node = 0; node < nodes; ++node) counts[node] += at->header.coinbase == consensus::coinbase_of(node);
    return counts;
}

TEST(Mining, Row36LocalStateAndMessagesUnderWayAreTheWhole) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {  // row 35: messages are duplicated and overtake each other
        SimulationOptions options = miners(3, seed);
        options.engine_options.interval = 60 * millisecond;  // about the latency
        options.network.latency = {Latency::Exponential, 0, 60 * millisecond};
        options.network.duplicate = 200'000;
        options.engine_options.most_blocks = 10;
        options.duration = 60 * second;
        const Outcome outcome = outcome_of(options);  // conservation and quiescence are checked after each event
        ASSERT_TRUE(outcome.holds()) << seed << ": " << first_violation(outcome);
    }
}

TEST(Mining, Row37QuietNodesAgreeButNotWithoutATieBreakOrWithoutRelay) {
    const auto disagreements = [](TieBreak tie_break, bool relays, std::uint32_t degree) {
        std::uint64_t count = 0;
        for (std::uint64_t seed = 1; seed <= 60; ++seed) {
            SimulationOptions options = miners(6, seed);
            options.engine_options.interval = 60 * millisecond;
            options.engine_options.tie_break = tie_break;
            options.engine_options.relays = relays;
            options.engine_options.most_blocks = 5;
            options.network.degree = degree;
            options.network.latency = {Latency::Uniform, 0, 50 * millisecond};
            options.duration = 60 * second;
            Simulation simulation(options);
            const Outcome& outcome = simulation.run();
            bool agrees = true;
            for (const Head& head : outcome.heads) agrees &= head.hash == outcome.heads[0].hash;
            EXPECT_EQ(simulation.blocks_under_way(), 0U);
            if (agrees || !relays) continue;
            EXPECT_TRUE(breaks(outcome, "quiescence")) << seed;
            ++count;
        }
        return count;
    };
    EXPECT_EQ(disagreements(TieBreak::SmallerHash, true, 0), 0U);
    EXPECT_EQ(disagreements(TieBreak::SmallerHash, true, 2), 0U);
    EXPECT_GT(disagreements(TieBreak::FirstSeen, true, 0), 0U);
}

TEST(Mining, Row37WithoutRelayNodesThatAreNotNeighboursDisagree) {
    std::uint64_t divided = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        SimulationOptions options = miners(6, seed);
        options.engine_options.relays = false;
        options.engine_options.most_blocks = 5;
        options.network.degree = 2;
        options.duration = 600 * second;
        const Outcome outcome = outcome_of(options);
        for (const Head& head : outcome.heads)
            if (head.hash != outcome.heads[0].hash) {
                ++divided;
                break;
            }
    }
    EXPECT_GT(divided, 0U);
}

// The attacker mines apart from the block before the payment, until z blocks are on that and he has as many; or he is so far
// behind that he gives up. The race is the exact one, with the negative binomial distribution.
double share_of_catch_ups(double q, std::uint64_t z, int races) {
    int caught = 0;
    for (int race = 1; race <= races; ++race) {
        SimulationOptions options = miners(2, static_cast<std::uint64_t>(race), "at 0s partition 0 | 1");
        const auto power = static_cast<std::uint32_t>(std::lround(q * 1000));
        options.engine_options.power = {power, 1000 - power};
        Simulation simulation(options);
        for (bool is_open = true; is_open && simulation.step();) {
            const std::uint64_t attacker = simulation.engine(0).head()->height(),
                                honest = simulation.engine(1).head()->height();
            const bool has_caught = honest >= z && attacker >= honest;
            caught += has_caught;
            is_open = !has_caught && honest < attacker + 12;
        }
    }
    return static_cast<double>(caught) / races;
}

TEST(Mining, Row38CatchingUpHappensAsOftenAsTheExactRaceSays) {
    constexpr int races = 1500;
    for (const std::uint64_t z : {1U, 2U, 3U}) {
        const double exact = exact_catch_up(.1, static_cast<unsigned>(z));
        EXPECT_NEAR(share_of_catch_ups(.1, z, races), exact, 3.5 * std::sqrt(exact * (1 - exact) / races)) << z;
    }
}

// Who has more than half of the work takes back what six blocks have confirmed; who has a quarter does not.
TEST(Mining, Row39AMajorityRewritesWhatIsFinal) {
    const auto rewritten = [](std::uint32_t percent) {
        int count = 0;
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            SimulationOptions options = miners(4, seed, "from 1s to 2000s partition 0 | 1 2 3");
            options.engine_options.power = {3 * percent, 100 - percent, 100 - percent, 100 - percent};
            options.duration = 2100 * second;
            Simulation simulation(options);
            while (simulation.now() < 1999 * second && simulation.step()) {}
            const consensus::BlockRef before = simulation.engine(1).finalised();
            EXPECT_TRUE(simulation.run().holds());
            consensus::BlockRef at = simulation.engine(1).head();
            while (at->height() > before->height()) at = simulation.engine(1).find(at->parent());
            EXPECT_GT(before->height(), 20U);
            count += at->hash != before->hash;
        }
        return count;
    };
    EXPECT_GE(rewritten(65), 19);
    EXPECT_EQ(rewritten(25), 0);
}

TEST(Mining, Row42StaleBlocksGrowWithTheDelayAsTheFormulaSays) {
    for (const Nanoseconds delay : {200 * millisecond, second, 2 * second}) {
        SimulationOptions options = miners(20, 1);
        options.network.latency = {Latency::Fixed, delay};
        options.engine_options.most_blocks = 1500;
        const Outcome outcome = outcome_of(options);
        // A node does not compete with itself: one part in twenty of the power is never late.
        const double rate = static_cast<double>(outcome.stale) / static_cast<double>(outcome.blocks);
        const double expected = stale_rate(static_cast<double>(delay) * .95, 10e9);
        EXPECT_NEAR(rate, expected, .15 * expected + .005) << delay;
    }
}

double selfish_share(double alpha, TieBreak tie_break, std::uint64_t seed) {
    SimulationOptions options = miners(4, seed);
    const auto own = static_cast<std::uint32_t>(std::lround(alpha * 3000));
    options.engine_options.power = {own, 1000 - own / 3, 1000 - own / 3, 1000 - own / 3};
    options.engine_options.tie_break = tie_break;
    options.engine_options.most_blocks = 6000;
    options.engine_of = [](NodeId node, const consensus::EngineOptions& engine) -> std::unique_ptr<consensus::Engine> {
        if (node != 0) return nullptr;
        return std::make_unique<consensus::SelfishMiner>(engine);
    };
    Simulation simulation(options);
    (void)simulation.run();
    const std::vector<std::uint64_t> counts = blocks_by_node(simulation, 1, 4);
    return static_cast<double>(counts[0]) / static_cast<double>(counts[0] + counts[1] + counts[2] + counts[3]);
}

// The others see their own block first, so that in a tie nobody mines on the pool's: gamma is 0. Where the smaller hash
// decides, all do in half of the ties.
TEST(Mining, Row45ASelfishPoolEarnsWhatEyalAndSirerSay) {
    for (const double alpha : {.2, .3, .4}) {
        EXPECT_NEAR(selfish_share(alpha, TieBreak::FirstSeen, 1), selfish_revenue(alpha, 0), .025) << alpha;
        EXPECT_NEAR(selfish_share(alpha, TieBreak::SmallerHash, 2), selfish_revenue(alpha, .5), .025) << alpha;
    }
}

TEST(Mining, Row46ManyNamesWithLittleWorkFindFewBlocks) {
    SimulationOptions options = miners(110, 1);
    options.network.degree = 8;
    options.engine_options.power.assign(110, 1);  // a hundred names with 1 % of the power together
    for (NodeId node = 100; node < 110; ++node) options.engine_options.power[node] = 990;
    options.engine_options.most_blocks = 300;
    Simulation simulation(options);
    (void)simulation.run();
    const std::vector<std::uint64_t> counts = blocks_by_node(simulation, 105, 110);
    std::uint64_t by_names = 0;
    for (NodeId node = 0; node < 100; ++node) by_names += counts[node];
    EXPECT_LE(by_names, 10U);  // 3 are expected; more than 10 has a chance below 1 in 1000
}

TEST(Mining, Row48ALeaderByStakeHasItsShareOfTheBlocks) {
    SimulationOptions options = run_of("stake", 4, 1);
    options.workload = std::make_shared<const Workload>();
    options.has_own_ledgers = false;
    options.engine_options.power = {500, 300, 150, 50};
    options.engine_options.interval = second;
    options.engine_options.most_blocks = 2000;
    options.duration = 3000 * second;
    Simulation simulation(options);
    EXPECT_TRUE(simulation.run().holds());
    const std::vector<std::uint64_t> counts = blocks_by_node(simulation, 0, 4);
    for (NodeId node = 0; node < 4; ++node)
        EXPECT_NEAR(static_cast<double>(counts[node]) / 2000, options.engine_options.power[node] / 1000.0, .035) << node;
}

// Proofs are real, of a few bits: hashes of the header with its nonce. Another difficulty is another acceptance function.
TEST(Mining, Row44AProofIsAHashThatBeginsWithZeros) {
    Random random(1, 1);
    for (const std::uint32_t bits : {1U, 4U, 9U}) {
        const consensus::BlockRef block = consensus::prove({}, {}, bits, random);
        EXPECT_TRUE(consensus::has_proof(*block, bits));
        EXPECT_EQ(block->hash.bytes[0] >> (8 - std::min(bits, 8U)), 0);
        Header other = block->header;
        std::uint32_t valid = 0;
        for (std::uint64_t nonce = 0; nonce < 2000; ++nonce) {
            other.nonce = nonce;
            valid += consensus::has_proof(*consensus::seal(other, {}), bits);
        }
        const double expected = 2000.0 / (1U << bits);
        EXPECT_NEAR(valid, expected, 5 * std::sqrt(expected) + 1) << bits;
    }
}

// A node that asks for more work than the others give refuses their blocks, and they take its own.
TEST(Mining, Row34TheAcceptanceFunctionIsAParameter) {
    SimulationOptions options = miners(3, 1);
    options.engine_options.work_bits = 2;
    options.duration = 1000 * second;
    options.network.drop = 1;  // not lossless: what is refused is not conserved
    options.engine_of = [](NodeId node, const consensus::EngineOptions& usual) {
        consensus::EngineOptions strict = usual;
        if (node == 0) strict.work_bits = 8;
        return std::make_unique<consensus::ProofOfWork>(strict);
    };
    Simulation simulation(options);
    (void)simulation.run();
    for (consensus::BlockRef at = simulation.engine(0).head(); at->height() > 0;
         at = simulation.engine(0).find(at->parent()))
        EXPECT_TRUE(consensus::has_proof(*at, 8));
    EXPECT_NE(simulation.engine(0).head()->hash, simulation.engine(1).head()->hash);
    EXPECT_EQ(simulation.engine(1).head()->hash, simulation.engine(2).head()->hash);
}

// Six blocks of ten minutes each, behind the time that a transaction waits for its first.
TEST(Mining, Row40SixConfirmationsTakeAnHourOrMore) {
    SimulationOptions options = miners(4, 1);
    WorkloadBuilder builder;
    for (int i = 0; i < 200; ++i)
        (void)builder.send(i * 3000 * second, "payer" + std::to_string(i), builder.address_of("payee"), 1, {});
    options.workload = std::make_shared<const Workload>(builder.take());
    options.engine_options.interval = 600 * second;
    const Outcome outcome = outcome_of(options);
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    ASSERT_EQ(outcome.finalised, 200U);
    double mean = 0;
    for (const Nanoseconds latency : outcome.latencies) mean += static_cast<double>(latency) / 60e9 / 200;
    EXPECT_GE(mean, 60);
    EXPECT_NEAR(mean, 70, 6);  // seven exponential times of ten minutes: 70, and 1.9 for the mean of 200
}

// A victim that hears the attacker alone takes what the two of them find for final, and takes it back in the end.
TEST(Mining, Row49AnEclipsedNodeIsDeceivedUntilItHearsTheOthers) {
    SimulationOptions options = miners(5, 1, "from 1s to 3000s partition 0 4 | 1 2 3");
    options.engine_options.most_blocks = 400;
    options.duration = 3100 * second;
    Simulation simulation(options);
    while (simulation.now() < 2999 * second && simulation.step()) {}
    const consensus::BlockRef believed = simulation.engine(4).finalised();
    EXPECT_GT(believed->height(), 20U);
    EXPECT_FALSE(simulation.engine(1).find(believed->hash));
    const Outcome& outcome = simulation.run();
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_GT(outcome.revoked, 0U);
    EXPECT_EQ(outcome.heads[4].hash, outcome.heads[1].hash);
}

// Who keeps blocks back and tells of them late loses those that others have overtaken.
TEST(Mining, Row49WithheldBlocksAreLost) {
    const auto share_of = [](std::string_view faults) {
        SimulationOptions options = miners(4, 5, faults);
        options.duration = 5000 * second;
        Simulation simulation(options);
        (void)simulation.run();
        const std::vector<std::uint64_t> counts = blocks_by_node(simulation, 1, 4);
        return static_cast<double>(counts[0]) / static_cast<double>(counts[0] + counts[1] + counts[2] + counts[3]);
    };
    EXPECT_NEAR(share_of(""), .25, .07);
    EXPECT_LT(share_of("from 1s to 5000s withhold 0"), .05);
}

}  // namespace
}  // namespace interlock::chain::sim
