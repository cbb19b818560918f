// ByzCoin: what the council is, that blocks are final at once, and what is survived. LinearPbft: how few messages it takes.
#include "chain/consensus/byzcoin/byzcoin.hpp"

#include "chain/consensus/ledger.hpp"
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

using consensus::ByzCoin, consensus::byzcoin::Council, consensus::byzcoin::Election;

const ByzCoin& byzcoin(Simulation& simulation, NodeId node) { return dynamic_cast<const ByzCoin&>(simulation.engine(node)); }

// A council of few shares, most of which change hands within a run.
SimulationOptions small_council(std::uint32_t nodes, std::uint64_t seed, std::string_view faults = "") {
    SimulationOptions options = run_of("byzcoin", nodes, seed, faults);
    options.engine_options.council = 2 * nodes;
    options.engine_options.interval = 250 * millisecond;
    options.checks_progress = true;
    return options;
}

std::uint64_t votes_of(const Outcome& outcome) {
    std::uint64_t sum = 0;
    for (const std::string_view kind : {"propose", "prepare", "prepared", "commit", "committed"})
        sum += messages_named(*consensus::find_engine("linear-pbft"), outcome, kind);
    return sum;
}

TEST(Councils, Row92AShareFollowsThePowerAndIsLostToWhoeverWinsTheNext) {
    const std::uint32_t power[] = {1, 0, 5, 2};
    Council council(4, power, 16);
    EXPECT_EQ(council.weights(), (std::vector<std::uint32_t>{2, 0, 10, 4}));
    EXPECT_EQ(council.quorum(), 11U);
    EXPECT_EQ(council.most_faulty(), 5U);
    for (int i = 0; i < 16; ++i) council.elect(1);
    EXPECT_EQ(council.weights(), (std::vector<std::uint32_t>{0, 16, 0, 0}));
    council.begin_with(3);  // who has no share does not lead
    EXPECT_EQ(council.leader(0), 1U);
    council.elect(3);
    council.begin_with(1);
    EXPECT_EQ(council.leader(0), 1U);
    EXPECT_EQ(council.leader(1), 3U);
}

TEST(Councils, Row92AnElectionIsForOneKeyBlockAndOneNode) {
    consensus::Random random(1);
    Hash key, other;
    key.bytes[0] = 1;
    const Election won = Election::won(key, 2, 12, random);
    EXPECT_TRUE(won.has_proof(12));
    EXPECT_FALSE((Election{other, 2, won.nonce}).has_proof(12));
    EXPECT_FALSE((Election{key, 3, won.nonce}).has_proof(12));
}

// The weights of the last council are counted again out of the blocks, each of which has its proof.
TEST(ByzCoinRuns, Row92TheLastKeyBlocksAreTheCouncil) {
    SimulationOptions options = small_council(5, 1);
    options.engine_options.power = {4, 3, 2, 1, 0};
    options.stops_when_settled = false;
    options.duration = 20 * second;
    Simulation simulation(options);
    const Outcome& outcome = simulation.run();
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_EQ(outcome.finalised, outcome.submitted);
    const ByzCoin& node = byzcoin(simulation, 0);
    std::vector<consensus::BlockRef> chain;
    for (consensus::BlockRef at = node.head(); at; at = node.find(at->parent())) chain.push_back(at);
    Hash key = chain.back()->hash;
    std::vector<NodeId> winners;
    for (auto block = chain.rbegin(); block != chain.rend(); ++block)
        if (const auto election = Election::of((*block)->header, key)) {
            EXPECT_TRUE(election->has_proof(options.engine_options.work_bits));
            EXPECT_TRUE((*block)->transactions.empty());
            winners.push_back(election->winner);
            key = (*block)->hash;
        }
    ASSERT_GT(winners.size(), 30U);
    std::vector<std::uint32_t> weights(5);
    for (std::size_t i = winners.size() - 10; i < winners.size(); ++i) ++weights[winners[i]];
    EXPECT_EQ(node.council().weights(), weights);
    EXPECT_EQ(std::ranges::count(winners, 4U), 0);  // it has no power
}

// Bitcoin-NG waits for six key blocks; here what is in a block is final with it, and no block is ever given up.
TEST(ByzCoinRuns, Row92ABlockIsFinalInOneRound) {
    const Outcome outcome = expect_all_final(run_of("byzcoin", 7, 1));
    EXPECT_EQ(outcome.reorganisations, 0U);
    EXPECT_EQ(outcome.revoked, 0U);
    EXPECT_EQ(outcome.stale, 0U);
    EXPECT_LT(outcome.latency(50), second);
    const Outcome by_depth = outcome_of(run_of("bitcoin-ng", 7, 1));
    EXPECT_GT(by_depth.latency(50), 60 * outcome.latency(50));
}

TEST(ByzCoinRuns, Row92SignaturesOfAQuorumAreTheCollectiveOne) {
    SimulationOptions options = small_council(4, 3);
    options.signatures = Signatures::Secp256k1;
    (void)expect_all_final(options);
}

TEST(ByzCoinRuns, Row92ALeaderThatCrashedOrIsMuteOrLiesIsReplaced) {
    for (const char* engine : {"byzcoin", "linear-pbft"})
        for (const std::string_view fault :
             {"at 0s crash 0", "at 0s mute 0", "at 0s pause 0", "at 0s equivocate 0", "at 1s crash 0", "at 1s mute 0"}) {
            SimulationOptions options = run_of(engine, 4, 3, fault);
            options.checks_progress = options.faults[0].kind != Fault::Crash && options.faults[0].kind != Fault::Pause;
            SCOPED_TRACE(std::string(engine) + " " + std::string(fault));
            (void)expect_all_final(options);
        }
}

// While shares change hands nodes crash and are cut off: whatever a council decided, the next ones go on from it.
TEST(ByzCoinRuns, Row92CouncilsChangeWhileNodesFail) {
    std::uint64_t changed = 0;
    for (std::uint64_t seed = 1; seed <= 120; ++seed) {
        SimulationOptions options = small_council(4 + seed % 4, seed);
        Random random(seed, 0xc0);
        options.faults = draw_faults({(options.nodes - 1) / 3, 0, true, false}, options.nodes, 4 * second, random);
        Simulation simulation(options);
        const std::vector<std::uint32_t> before = byzcoin(simulation, 0).council().weights();
        const Outcome& outcome = simulation.run();
        ASSERT_TRUE(outcome.holds()) << "seed " << seed << ": " << first_violation(outcome);
        changed += byzcoin(simulation, 0).council().weights() != before;
    }
    EXPECT_GT(changed, 80U);
}

// A node that slept while the council changed more than once is led from one to the next.
TEST(ByzCoinRuns, Row92WhoIsBehindCatchesUpThroughTheCouncilsBetween) {
    SimulationOptions options = small_council(4, 2, "from 500ms to 12s crash 3");
    options.stops_when_settled = false;
    options.duration = 20 * second;
    Simulation simulation(options);
    while (simulation.now() < 12 * second && simulation.step()) {}
    const std::uint64_t missed = byzcoin(simulation, 0).head()->height();
    const Outcome& outcome = simulation.run();
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_GT(missed, 20U);
    EXPECT_GE(byzcoin(simulation, 3).head()->height(), missed);
}

// With quorums of half the shares two blocks are decided at one height, and each engine's own steps show it.
TEST(ByzCoinRuns, Row92HalfOfTheSharesAreNoQuorum) {
    for (const auto& [engine, quorum] : {std::pair("byzcoin", 72U), std::pair("linear-pbft", 2U)}) {
        std::uint64_t divided = 0, refused = 0;
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            SimulationOptions options = run_of(engine, 4, seed, "at 0s equivocate 0");
            options.engine_options.quorum = quorum;
            const Outcome outcome = outcome_of(options);
            divided += breaks(outcome, "agreement");
            refused += breaks(outcome, "refinement");
        }
        EXPECT_GT(divided, 0U) << engine;
        EXPECT_GT(refused, 0U) << engine;
    }
}

// A council that stopped electing would stay for ever: leaders who never propose key blocks are given up.
TEST(ByzCoinRuns, Row92KeyBlocksComeAlsoWhileThereIsNothingToOrder) {
    SimulationOptions options = small_council(4, 5);
    options.workload = std::make_shared<const Workload>();
    options.stops_when_settled = false;
    options.checks_progress = false;
    options.duration = 10 * second;
    const Outcome outcome = outcome_of(options);
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_GT(outcome.best_height, 20U);
}

TEST(LinearPbftRuns, Row78MessagesGrowWithTheNodesAlone) {
    for (const std::uint32_t nodes : {4U, 7U, 13U, 31U}) {
        const Outcome outcome = expect_all_final(run_of("linear-pbft", nodes, 1));
        const double each = static_cast<double>(votes_of(outcome)) / static_cast<double>(outcome.best_height);
        EXPECT_NEAR(each, 5.0 * (nodes - 1), .02 * 5 * (nodes - 1)) << nodes;
    }
}

TEST(LinearPbftRuns, Row78SurvivesAsManyLiarsAsPbft) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed)
        (void)expect_all_final(
            run_of("linear-pbft", 7, seed, "at 0s equivocate 0\nfrom 1s to 3s crash 1\nfrom 500ms to 4s drop 10%"));
}

}  // namespace
}  // namespace interlock::chain::sim
