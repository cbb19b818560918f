// The block forest: which blocks it takes, which is its head, and that a refused block leaves nothing behind.

#include "chain/block_forest.hpp"

#include <gtest/gtest.h>

#include "chain/blockchain.hpp"
#include "chain/difficulty.hpp"
#include "chain/fixtures/expected_refusal.hpp"
#include "chain/genesis.hpp"
#include "chain/header_rules.hpp"
#include "chain/trie.hpp"

namespace interlock::chain {
namespace {

const Network byzantium{Schedule::always(Upgrade::Byzantium)};

// Makes blocks of a chain with proof of work, one on the other; a copy is the beginning of a branch.
class Miner {
  public:
    Miner() : state_(Genesis::standard().build(vm::Fork::Byzantium)) {
        header_.ommers_hash = empty_ommers_hash();
        header_.transactions_root = header_.receipts_root = empty_trie_root();
        header_.state_root = state_.root();
        header_.difficulty = 1'000'000;
        header_.gas_limit = 5'000'000;
    }

    [[nodiscard]] BlockForest forest(const ForestLimits& limits = {}) const {
        return BlockForest(state_, header_, byzantium, limits);
    }
    [[nodiscard]] const Header& head() const { return header_; }

    // Pays one ether to bob, `seconds` after its parent: the faster, the more difficult.
    Block mine(std::uint64_t seconds, std::vector<Header> ommers = {}) {
        Block block;
        block.header = next(seconds);
        block.header.ommers_hash = ommers_hash(ommers);
        block.ommers = std::move(ommers);
        block.transactions = {payment()};
        block.header.transactions_root = transactions_root(block.transactions);
        const BlockRules& rules = byzantium.schedule.rules_of(Upgrade::Byzantium);
        BlockExecution run(state_, block.header, rules, byzantium);
        EXPECT_TRUE(run.include(block.transactions[0]).accepted());
        EXPECT_TRUE(run.finish(block.ommers, {}).accepted());
        run.seal(block.header);
        header_ = block.header;
        return block;
    }

  private:
    [[nodiscard]] Header next(std::uint64_t seconds) const {
        Header header;
        header.parent_hash = hash_of(header_);
        header.number = header_.number + 1;
        header.gas_limit = header_.gas_limit;
        header.timestamp = header_.timestamp + seconds;
        const ParentForDifficulty parent{header_.difficulty, header_.timestamp, header_.ommers_hash != empty_ommers_hash()};
        header.difficulty = next_difficulty(byzantium.schedule.rules_of(Upgrade::Byzantium).difficulty, parent,
                                            header.number, header.timestamp);
        return header;
    }

    [[nodiscard]] Transaction payment() {
        const Genesis genesis = Genesis::standard();
        Transaction tx;
        tx.nonce = state_.nonce(*genesis.address_of("alice"));
        tx.gas_price = tx.priority_fee = gwei;
        tx.gas_limit = 21'000;
        tx.to = genesis.address_of("bob");
        tx.value = ether;
        sign(tx, genesis.find("alice")->key);
        return tx;
    }

    State state_;
    Header header_;
};

Word wealth_of_bob(BlockForest& forest) { return forest.state().balance(*Genesis::standard().address_of("bob")); }

BlockRefusal refusal(BlockForest& forest, const Block& block) { return forest.import(block).block; }

TEST(BlockForest, TakesTheBlocksThatAreMinedHereInEveryForkSinceTheMerge) {
    for (const vm::Fork fork : {vm::Fork::Paris, vm::Fork::Shanghai, vm::Fork::Cancun, vm::Fork::Prague, vm::Fork::Osaka}) {
        const Genesis genesis = Genesis::standard();
        Blockchain chain(genesis.build(fork));
        BlockForest forest(chain.state(), chain.head().block.header, chain.network());
        Transaction tx;
        tx.gas_price = tx.priority_fee = Word(2) * gwei;
        tx.gas_limit = 21'000;
        tx.to = genesis.address_of("bob");
        tx.value = ether;
        sign(tx, genesis.find("alice")->key);
        ASSERT_TRUE(chain.mine({tx}).empty());
        ASSERT_TRUE(chain.mine({}).empty());
        for (std::size_t number : {1, 2})
            EXPECT_EQ(explain(forest.import(chain.blocks()[number].block)), "accepted") << vm::name_of(fork);
        EXPECT_EQ(forest.head_hash(), chain.head().hash) << vm::name_of(fork);
        EXPECT_EQ(forest.state().root(), chain.state().root()) << vm::name_of(fork);
    }
}

TEST(BlockForest, ChoosesTheGreatestTotalDifficultyAndTakesTheStateThere) {
    Miner slow, fast;
    BlockForest forest = slow.forest();
    const Word before = wealth_of_bob(forest);
    for (int i = 0; i < 3; ++i) ASSERT_EQ(refusal(forest, slow.mine(30)), BlockRefusal::None);
    EXPECT_EQ(wealth_of_bob(forest), before + Word(3) * ether);
    ASSERT_EQ(refusal(forest, fast.mine(1)), BlockRefusal::None);
    EXPECT_EQ(forest.head_hash(), hash_of(slow.head()));  // one fast block is not three
    for (int i = 0; i < 2; ++i) ASSERT_EQ(refusal(forest, fast.mine(1)), BlockRefusal::None);
    EXPECT_EQ(forest.head_hash(), hash_of(fast.head()));
    EXPECT_EQ(forest.state().root(), fast.head().state_root);
}

TEST(BlockForest, KeepsTheFirstSeenOfEquallyDifficultChains) {
    Miner first, second;
    BlockForest forest = first.forest();
    ASSERT_EQ(refusal(forest, first.mine(10)), BlockRefusal::None);
    ASSERT_EQ(refusal(forest, second.mine(11)), BlockRefusal::None);  // another block of the same difficulty
    EXPECT_EQ(first.head().difficulty, second.head().difficulty);
    EXPECT_EQ(forest.head_hash(), hash_of(first.head()));
}

TEST(BlockForest, PaysOmmersThatItAccepts) {
    Miner main, other;
    BlockForest forest = main.forest();
    const Header ommer = other.mine(12).header;
    ASSERT_EQ(refusal(forest, main.mine(10)), BlockRefusal::None);
    Miner twice = main;
    ASSERT_EQ(refusal(forest, main.mine(10, {ommer})), BlockRefusal::None);
    EXPECT_EQ(refusal(forest, main.mine(10, {ommer})), BlockRefusal::RepeatedOmmer);
    EXPECT_EQ(refusal(forest, twice.mine(10, {ommer, ommer})), BlockRefusal::RepeatedOmmer);
}

TEST(BlockForest, RefusesAnAncestorOrAStrangerAsAnOmmer) {
    Miner miner;
    BlockForest forest = miner.forest();
    const Block first = miner.mine(10);
    ASSERT_EQ(refusal(forest, first), BlockRefusal::None);
    Miner other = miner;
    EXPECT_EQ(refusal(forest, miner.mine(10, {first.header})), BlockRefusal::OmmerIsAncestor);
    Header stranger = first.header;
    stranger.parent_hash = Hash{};
    EXPECT_EQ(refusal(forest, other.mine(10, {stranger})), BlockRefusal::OmmerNotRecent);
}

// Ethereum's suites have their own names for some refusals.
TEST(BlockForest, RefusesWorkAfterTheMergeAsTheWrongDifficultyThatTheSuitesExpect) {
    const Genesis genesis = Genesis::standard();
    Blockchain chain(genesis.build(vm::Fork::Paris));
    BlockForest forest(chain.state(), chain.head().block.header, chain.network());
    ASSERT_TRUE(chain.mine({}).empty());
    Block block = chain.blocks()[1].block;
    for (const std::uint64_t difficulty : {1, 131'072}) {
        block.header.difficulty = difficulty;
        const Refusal refusal = forest.import(block);
        EXPECT_EQ(refusal.block, BlockRefusal::WrongWork);
        EXPECT_TRUE(fixtures::is_expected(refusal, "BlockException.INVALID_DIFFICULTY"));
        EXPECT_FALSE(fixtures::is_expected(refusal, "BlockException.INVALID_GASLIMIT"));
    }
    block.header.difficulty = {};
    EXPECT_TRUE(forest.import(block).accepted());
}

TEST(BlockForest, RefusesAnOmmerThatEqualsItsBrotherOrIsTheBlocksOwnAsUncleIsBrother) {
    Miner miner;
    BlockForest forest = miner.forest();
    Miner side = miner;
    ASSERT_EQ(refusal(forest, miner.mine(10)), BlockRefusal::None);
    const Header ommer = side.mine(20).header;
    Miner twice = miner, own = miner, once = miner;
    const Refusal repeated = forest.import(twice.mine(10, {ommer, ommer}));
    EXPECT_EQ(repeated.block, BlockRefusal::RepeatedOmmer);
    EXPECT_TRUE(fixtures::is_expected(repeated, "UncleIsBrother"));
    EXPECT_FALSE(fixtures::is_expected(repeated, "UncleTooOld"));
    const Header brother = Miner(own).mine(20).header;
    const Refusal beside = forest.import(own.mine(10, {brother}));
    EXPECT_EQ(beside.block, BlockRefusal::OmmerNotRecent);
    EXPECT_TRUE(fixtures::is_expected(beside, "UncleIsBrother"));
    EXPECT_FALSE(fixtures::is_expected(beside, "UncleInChain"));
    EXPECT_EQ(refusal(forest, once.mine(10, {ommer})), BlockRefusal::None);
}

TEST(BlockForest, NamesTheRuleThatABlockBreaksAndChangesNothing) {
    Miner miner;
    BlockForest forest = miner.forest();
    const Hash genesis = forest.head_hash();
    const Hash root = forest.state().root();
    const Block good = miner.mine(10);
    const auto refused = [&](auto spoil) {
        Block bad = good;
        spoil(bad.header);
        return refusal(forest, bad);
    };
    EXPECT_EQ(refused([](Header& h) { h.parent_hash = Hash{}; }), BlockRefusal::UnknownParent);
    EXPECT_EQ(refused([](Header& h) { h.number = 2; }), BlockRefusal::WrongNumber);
    EXPECT_EQ(refused([](Header& h) { h.timestamp = 0; }), BlockRefusal::TimestampNotLater);
    EXPECT_EQ(refused([](Header& h) { h.extra_data = Bytes(33); }), BlockRefusal::ExtraDataTooLong);
    EXPECT_EQ(refused([](Header& h) { h.gas_limit += h.gas_limit / 1024; }), BlockRefusal::GasLimitOutOfBounds);
    EXPECT_EQ(refused([](Header& h) { h.gas_used = h.gas_limit + 1; }), BlockRefusal::GasUsedAboveLimit);
    EXPECT_EQ(refused([](Header& h) { h.difficulty += 1; }), BlockRefusal::WrongDifficulty);
    EXPECT_EQ(refused([](Header& h) { h.base_fee = 7; }), BlockRefusal::WrongFields);
    EXPECT_EQ(refused([](Header& h) { h.ommers_hash = Hash{}; }), BlockRefusal::WrongOmmersHash);
    EXPECT_EQ(refused([](Header& h) { h.transactions_root = Hash{}; }), BlockRefusal::WrongTransactionsRoot);
    EXPECT_EQ(refused([](Header& h) { h.gas_used -= 1; }), BlockRefusal::WrongGasUsed);
    EXPECT_EQ(refused([](Header& h) { h.receipts_root = Hash{}; }), BlockRefusal::WrongReceiptsRoot);
    EXPECT_EQ(refused([](Header& h) { h.logs_bloom[0] = 1; }), BlockRefusal::WrongLogsBloom);
    EXPECT_EQ(refused([](Header& h) { h.state_root = Hash{}; }), BlockRefusal::WrongStateRoot);
    EXPECT_EQ(forest.size(), 1U);
    EXPECT_EQ(forest.head_hash(), genesis);
    EXPECT_EQ(forest.state().root(), root);
    EXPECT_EQ(refusal(forest, good), BlockRefusal::None);
}

TEST(BlockForest, NamesTheTransactionThatIsNotValid) {
    Miner miner;
    BlockForest forest = miner.forest();
    Block block = miner.mine(10);
    block.transactions.push_back(block.transactions[0]);
    const Refusal refusal = forest.import(block);
    EXPECT_EQ(refusal.block, BlockRefusal::RefusedTransaction);
    EXPECT_EQ(refusal.transaction, TransactionRefusal::NonceTooLow);
    EXPECT_EQ(refusal.index, 1U);
}

TEST(BlockForest, AcceptsABlockAgainWithoutAnyChange) {
    Miner miner;
    BlockForest forest = miner.forest();
    const Block block = miner.mine(10);
    ASSERT_EQ(refusal(forest, block), BlockRefusal::None);
    EXPECT_EQ(refusal(forest, block), BlockRefusal::None);
    EXPECT_EQ(forest.size(), 2U);
}

TEST(BlockForest, MakesTheOlderHalfFinalWhenTheChainIsLongEnough) {
    Miner miner;
    BlockForest forest = miner.forest({.depth = 8});
    Miner at_genesis;
    for (int i = 0; i < 40; ++i) ASSERT_EQ(refusal(forest, miner.mine(10)), BlockRefusal::None);
    EXPECT_LE(forest.size(), 8U + 8U);
    EXPECT_EQ(forest.head_hash(), hash_of(miner.head()));
    EXPECT_EQ(forest.state().root(), miner.head().state_root);
    EXPECT_EQ(refusal(forest, at_genesis.mine(1)), BlockRefusal::UnknownParent);
}

TEST(BlockForest, HoldsNoMoreBlocksThanItsLimit) {
    Miner genesis;
    BlockForest forest = genesis.forest({.blocks = 3});
    for (const std::uint64_t seconds : {10, 11}) {
        Miner miner;
        ASSERT_EQ(refusal(forest, miner.mine(seconds)), BlockRefusal::None);
    }
    EXPECT_EQ(refusal(forest, genesis.mine(12)), BlockRefusal::TooManyBlocks);
}

TEST(BlockForest, RefusesEveryPrefixAndEveryChangedByteOfABlock) {
    Miner miner;
    BlockForest forest = miner.forest();
    const Bytes good = encode(miner.mine(10));
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_EQ(forest.import(ByteView(good).first(size)).block, BlockRefusal::Malformed) << size;
    std::size_t accepted = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
        Bytes bad = good;
        bad[at] ^= 0x41;
        accepted += forest.import(bad).accepted() ? 1 : 0;
    }
    // Some make another good block: the seal (mix hash and nonce) is not checked, and the gas limit may move a little.
    EXPECT_EQ(accepted, 32U + 8U + 1U);
}

}  // namespace
}  // namespace interlock::chain
