// Proof of work as Ethereum had it: stale blocks that later ones name and pay for, and a difficulty that keeps the interval.
#include <map>
#include <set>

#include "chain/consensus/ledger.hpp"
#include "chain/consensus/proof_of_work/proof_of_work.hpp"
#include "chain/ommer_rules.hpp"
#include "tests/chain/sim/runs.hpp"

namespace interlock::chain::sim {
namespace {

using consensus::BlockRef, consensus::Ledger;

// Nodes that mine empty blocks.
SimulationOptions mining(std::uint32_t nodes, std::uint64_t seed, std::string_view faults = "") {
    SimulationOptions options = run_of("pow", nodes, seed, faults);
    options.workload = std::make_shared<const Workload>();
    options.duration = 1'000'000 * second;
    return options;
}

SimulationOptions with_uncles(std::uint64_t seed) {
    SimulationOptions options = mining(5, seed);
    options.engine_options.interval = 3 * second;
    options.engine_options.takes_ommers = true;
    options.engine_options.most_blocks = 150;
    options.network.latency = {Latency::Uniform, 0, 600 * millisecond};
    return options;
}

std::vector<BlockRef> best_branch(Simulation& simulation) {
    std::vector<BlockRef> branch;
    for (BlockRef at = simulation.engine(0).head(); at->height() > 0; at = simulation.engine(0).find(at->parent()))
        branch.push_back(at);
    return branch;
}

// An uncle's finder gets an eighth of the reward less for each generation; who names it gets a 32nd.
TEST(Uncles, AreNamedOnceByRecentDescendantsOfTheirParentsAndPaid) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const SimulationOptions options = with_uncles(seed);
        Simulation simulation(options);
        const Outcome& outcome = simulation.run();
        EXPECT_TRUE(outcome.holds()) << first_violation(outcome);  // ether among them
        const std::vector<BlockRef> branch = best_branch(simulation);
        std::set<Hash> on_branch{simulation.ledger(0).genesis()->hash};
        for (const BlockRef& block : branch) on_branch.insert(block->hash);
        std::set<Hash> seen = on_branch;
        std::map<Address, Word> earned;
        std::uint64_t uncles = 0;
        for (const BlockRef& block : branch) {
            earned[block->header.coinbase] += options.reward + options.reward / Word(32) * Word(block->ommers.size());
            for (const Header& uncle : block->ommers) {
                EXPECT_TRUE(simulation.blocks().contains(hash_of(uncle)));
                EXPECT_TRUE(seen.insert(hash_of(uncle)).second) << "named twice, or no uncle";
                EXPECT_TRUE(on_branch.contains(uncle.parent_hash));
                const std::uint64_t generations = block->height() - uncle.number;
                EXPECT_TRUE(generations >= 1 && generations <= ommer_depth) << generations;
                earned[uncle.coinbase] += options.reward * Word(8 - generations) / Word(8);
                ++uncles;
            }
        }
        EXPECT_EQ(uncles, outcome.uncles);
        EXPECT_GT(uncles, 5U);
        EXPECT_LE(uncles, outcome.stale);
        State& state = simulation.ledger(0).state_behind(branch.front());
        for (const auto& [finder, wei] : earned) EXPECT_EQ(state.balance(finder), wei) << seed;
    }
}

TEST(Uncles, AreThereOnlyWhereTheyAreTaken) {
    SimulationOptions options = with_uncles(1);
    options.engine_options.takes_ommers = false;
    const Outcome outcome = outcome_of(options);
    EXPECT_TRUE(outcome.holds()) << first_violation(outcome);
    EXPECT_GT(outcome.stale, 5U);
    EXPECT_EQ(outcome.uncles, 0U);
}

// A chain with one stale block beside its second one.
class UncleRules : public testing::Test {
  protected:
    static constexpr bool takes = true;
    BlockRef on(const BlockRef& parent, std::uint32_t finder, std::vector<Header> ommers = {}) {
        const consensus::Draft draft{parent->header.timestamp + 1 + finder, 1, {}, 0, ommers};
        auto [header, transactions] = ledger_.build(parent, consensus::coinbase_of(finder), draft, {});
        return consensus::seal(header, std::move(transactions), std::move(ommers));
    }
    BlockRef added(const BlockRef& block) {
        EXPECT_TRUE(ledger_.execute(block).refusal.accepted());
        return block;
    }
    BlockRefusal refusal_of(const BlockRef& block) { return ledger_.execute(block).refusal.block; }

    Ledger ledger_{Genesis().build(), 2 * ether, std::nullopt, takes};
    BlockRef first_ = added(on(ledger_.genesis(), 0)), second_ = added(on(first_, 0)), stale_ = added(on(first_, 1));
};

TEST_F(UncleRules, AnUncleIsNamedOnce) {
    const BlockRef third = added(on(second_, 0, {stale_->header}));
    EXPECT_EQ(refusal_of(on(third, 0, {stale_->header})), BlockRefusal::RepeatedOmmer);
    EXPECT_EQ(refusal_of(on(second_, 1, {stale_->header, stale_->header})), BlockRefusal::RepeatedOmmer);
}

TEST_F(UncleRules, AnAncestorIsNoUncle) {
    EXPECT_EQ(refusal_of(on(second_, 1, {first_->header})), BlockRefusal::OmmerIsAncestor);
}

TEST_F(UncleRules, AnUncleIsSixGenerationsOldAtMost) {
    BlockRef at = second_;
    while (at->height() < stale_->height() + ommer_depth - 1) at = added(on(at, 0));
    EXPECT_EQ(refusal_of(on(at, 1, {stale_->header})), BlockRefusal::None);
    at = added(on(at, 0));
    EXPECT_EQ(refusal_of(on(at, 1, {stale_->header})), BlockRefusal::OmmerNotRecent);
}

TEST_F(UncleRules, ALedgerThatTakesNoneRefusesThem) {
    Ledger strict(Genesis().build(), 2 * ether);
    for (const BlockRef& block : {first_, second_}) EXPECT_TRUE(strict.execute(block).refusal.accepted());
    EXPECT_EQ(strict.execute(on(second_, 0, {stale_->header})).refusal.block, BlockRefusal::TooManyOmmers);
}

TEST_F(UncleRules, BlocksWithUnclesAreReadAsTheyAreWrittenAndNotWithOthers) {
    consensus::Codec codec(vm::Fork::Cancun);
    const BlockRef third = on(second_, 0, {stale_->header});
    const BlockRef read = codec.block(third->encoded);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->hash, third->hash);
    EXPECT_EQ(read->ommers, third->ommers);
    EXPECT_FALSE(codec.block(consensus::seal(third->header, {})->encoded));
    EXPECT_FALSE(codec.block(consensus::seal(third->header, {}, {first_->header})->encoded));
}

// Half of the power is gone from the beginning: blocks take twice as long, until the difficulty is half of what it was.
TEST(Difficulty, KeepsTheIntervalWhereHalfOfThePowerIsGone) {
    const auto interval_and_work = [](bool adjusts) {
        SimulationOptions options = mining(4, 1, "at 0s crash 2 3");
        options.has_own_ledgers = false;
        options.engine_options.adjusts_difficulty = adjusts;
        options.engine_options.most_blocks = 5000;
        Simulation simulation(options);
        EXPECT_TRUE(simulation.run().holds());
        const std::vector<BlockRef> branch = best_branch(simulation);
        const auto work = static_cast<double>(branch.front()->header.difficulty.low64()) / consensus::block_work;
        const auto seconds = static_cast<double>(branch[0]->header.timestamp - branch[2000]->header.timestamp) / 2000;
        return std::pair(seconds, work);
    };
    const auto [fixed, same] = interval_and_work(false);
    EXPECT_NEAR(fixed, 24, 2);
    EXPECT_EQ(same, 1);
    const auto [adjusted, less] = interval_and_work(true);
    EXPECT_NEAR(adjusted, 12, 1);
    EXPECT_NEAR(less, .5, .08);
}

}  // namespace
}  // namespace interlock::chain::sim
