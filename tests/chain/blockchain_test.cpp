// Blocks in memory: what they commit to, how they follow one another.

#include "chain/blockchain.hpp"

#include <gtest/gtest.h>

#include "chain/genesis.hpp"
#include "chain/trie.hpp"

namespace interlock::chain {
namespace {

struct Town {
    Genesis genesis = Genesis::standard();
    Blockchain chain{genesis.build()};

    [[nodiscard]] Transaction payment(std::string_view from, std::string_view to, std::uint64_t nonce) const {
        Transaction tx;
        tx.nonce = nonce;
        tx.gas_price = tx.priority_fee = Word(2) * gwei;
        tx.gas_limit = 21'000;
        tx.to = genesis.address_of(to);
        tx.value = ether;
        sign(tx, genesis.find(from)->key);
        return tx;
    }
};

TEST(Blockchain, StartsWithTheGenesisBlock) {
    const Town town;
    EXPECT_EQ(town.chain.head().block.header.number, 0U);
    EXPECT_EQ(town.chain.head().hash, hash_of(town.chain.head().block.header));
}

TEST(Blockchain, ABlockNamesItsParentAndComesTwelveSecondsLater) {
    Town town;
    const Header parent = town.chain.head().block.header;
    EXPECT_TRUE(town.chain.mine({}).empty());
    const Header& child = town.chain.head().block.header;
    EXPECT_EQ(child.parent_hash, hash_of(parent));
    EXPECT_EQ(child.number, parent.number + 1);
    EXPECT_EQ(child.timestamp, parent.timestamp + 12);
}

TEST(Blockchain, ABlockCommitsToItsTransactionsAndTheState) {
    Town town;
    const std::vector txs{town.payment("alice", "bob", 0), town.payment("bob", "carol", 0)};
    ASSERT_TRUE(town.chain.mine(txs).empty());
    const Header& header = town.chain.head().block.header;
    EXPECT_EQ(header.transactions_root, list_root({encode(txs[0]), encode(txs[1])}));
    EXPECT_EQ(header.gas_used, 42'000U);
    EXPECT_EQ(header.state_root, town.chain.state().root());
    EXPECT_EQ(town.chain.head().receipts.size(), 2U);
}

TEST(Blockchain, AnInvalidTransactionIsLeftOutAndNamed) {
    Town town;
    const auto refused = town.chain.mine({town.payment("alice", "bob", 5), town.payment("alice", "bob", 0)});
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].index, 0U);
    EXPECT_EQ(refused[0].why.transaction, TransactionRefusal::NonceTooHigh);
    EXPECT_EQ(town.chain.head().block.transactions.size(), 1U);
}

TEST(Blockchain, ATransactionWithSomebodyElsesSignatureIsLeftOut) {
    Town town;
    Transaction tx = town.payment("mallory", "mallory", 0);
    tx.sender = *town.genesis.address_of("alice");
    ASSERT_EQ(town.chain.mine({tx}).size(), 1U);
    EXPECT_EQ(town.chain.next_nonce(tx.sender), 0U);
}

TEST(Blockchain, ATransactionThatDoesNotFitIntoTheBlockIsLeftOut) {
    Genesis genesis = Genesis::standard();
    ChainSettings settings;
    settings.gas_limit = 30'000;
    Town town{genesis, Blockchain(genesis.build(), settings)};
    const auto refused = town.chain.mine({town.payment("alice", "bob", 0), town.payment("alice", "bob", 1)});
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].why.transaction, TransactionRefusal::GasLimitExceedsBlock);
}

TEST(Blockchain, EarlierBlockHashesAreKnownToTheMachine) {
    Town town;
    (void)town.chain.mine({});
    EXPECT_EQ(town.chain.state().block_hash(0), town.chain.blocks()[0].hash);
    EXPECT_EQ(town.chain.state().block_hash(1), town.chain.blocks()[1].hash);
}

TEST(Blockchain, TheSameTransactionsMakeTheSameBlocks) {
    Town one, other;
    for (Town* town : {&one, &other}) (void)town->chain.mine({town->payment("alice", "bob", 0)});
    EXPECT_EQ(one.chain.head().hash, other.chain.head().hash);
}

TEST(BaseFee, StaysWhenBlocksAreHalfFull) { EXPECT_EQ(next_base_fee(1000, 15, 30), Word(1000)); }
TEST(BaseFee, RisesByAnEighthAfterAFullBlock) { EXPECT_EQ(next_base_fee(1000, 30, 30), Word(1125)); }
TEST(BaseFee, FallsByAnEighthAfterAnEmptyBlock) { EXPECT_EQ(next_base_fee(1000, 0, 30), Word(875)); }
TEST(BaseFee, RisesByOneWeiAtLeast) { EXPECT_EQ(next_base_fee(1, 30, 30), Word(2)); }

// Mainnet's genesis, whose hash everybody knows; its state root stands for the 8893 accounts of the presale.
TEST(Header, OfTheMainnetGenesisHasItsHash) {
    Header header;
    header.ommers_hash = empty_ommers_hash();
    header.state_root = vm::parse_hash("d7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544").value();
    header.transactions_root = header.receipts_root = empty_trie_root();
    header.difficulty = Word(std::uint64_t{1} << 34);
    header.gas_limit = 5000;
    header.extra_data = vm::parse_hex("11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa").value();
    header.nonce = 0x42;
    EXPECT_EQ(hash_of(header), vm::parse_hash("d4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3"));
}

}  // namespace
}  // namespace interlock::chain
