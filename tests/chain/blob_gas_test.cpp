// Blob gas: its price, how the excess moves, and what a blob transaction pays and must fulfil. (EIP-4844, 7691, 7918.)

#include "chain/blob_gas.hpp"

#include <gtest/gtest.h>

#include "chain/block_rules.hpp"
#include "chain/execution.hpp"
#include "tests/chain/people.hpp"

namespace interlock::chain {
namespace {

using testing::World;
using vm::Fork;

TEST(BlobBaseFee, IsOneWeiWithoutExcess) { EXPECT_EQ(blob_base_fee(0, cancun_blobs), Word(1)); }

// From the table of test vectors of EIP-4844's reference implementation: e^(excess / fraction), cut off.
TEST(BlobBaseFee, GrowsByEWithEachUpdateFraction) {
    EXPECT_EQ(blob_base_fee(2'314'057, cancun_blobs), Word(1));
    EXPECT_EQ(blob_base_fee(2'314'058, cancun_blobs), Word(2));
    EXPECT_EQ(blob_base_fee(10 * 1024 * 1024, cancun_blobs), Word(23));
}

TEST(BlobBaseFee, OfAnExcessThatNoChainReachesIsTheHighest) {
    EXPECT_EQ(blob_base_fee(UINT64_MAX, cancun_blobs), ~Word{});
    EXPECT_GT(blob_base_fee(139 * cancun_blobs.update_fraction, cancun_blobs), Word(1) << 200);
    EXPECT_GT(blob_base_fee(139 * bpo2_blobs.update_fraction, bpo2_blobs), Word(1) << 200);
}

TEST(ExcessBlobGas, KeepsWhatIsAboveTheTarget) {
    const std::uint64_t three = 3 * gas_per_blob;
    EXPECT_EQ(next_excess_blob_gas(cancun_blobs, 0, three), 0U);
    EXPECT_EQ(next_excess_blob_gas(cancun_blobs, 0, 2 * three), three);
    EXPECT_EQ(next_excess_blob_gas(cancun_blobs, three, 0), 0U);
}

TEST(ExcessBlobGas, FallsNoMoreWithAReserveWhileBlobsAreCheapAgainstGas) {
    const std::uint64_t excess = 20 * gas_per_blob;
    const std::uint64_t six = 6 * gas_per_blob;
    const Word price = blob_base_fee(excess, prague_blobs);
    EXPECT_EQ(next_excess_blob_gas(prague_blobs, excess, six, Word(16) * price), excess);
    EXPECT_EQ(next_excess_blob_gas(prague_blobs, excess, six, Word(16) * price + Word(1)), excess + 2 * gas_per_blob);
    EXPECT_EQ(next_excess_blob_gas(prague_blobs, excess, six), excess);
}

TEST(ExcessBlobGas, HasAReserveFromOsakaOn) {
    EXPECT_FALSE(block_rules_of(Fork::Prague).has_blob_reserve);
    EXPECT_TRUE(block_rules_of(Fork::Osaka).has_blob_reserve);
    EXPECT_TRUE(block_rules[static_cast<std::size_t>(Upgrade::Bpo5)].has_blob_reserve);
}

Transaction blob_payment(const World& world, std::size_t blobs) {
    Transaction tx = world.payment(ether);
    tx.type = TransactionType::Blob;
    tx.blob_fee = 5;
    tx.blob_hashes.assign(blobs, vm::to_hash(Word(1) << 248));
    return tx;
}

void set_blob_base_fee(World& world, const Word& wei) {
    vm::BlockContext block = world.state.block();
    block.blob_base_fee = wei;
    world.state.set_block(block);
}

TEST(BlobTransaction, PaysTheBlobBaseFeeAndItIsBurnt) {
    World world;
    set_blob_base_fee(world, 3);
    const Result result = execute(world.state, blob_payment(world, 2));
    ASSERT_TRUE(result.valid());
    EXPECT_EQ(result.receipt.blob_gas_used, 2 * gas_per_blob);
    EXPECT_EQ(result.receipt.blob_fee, Word(3 * 2 * gas_per_blob));
    EXPECT_EQ(world.state.balance(world.alice), Word(999) * ether - result.receipt.fee - result.receipt.blob_fee);
    EXPECT_EQ(world.state.balance(world.coinbase), Word(21'000) * Word(9) * gwei);
}

TEST(BlobTransaction, ShowsItsHashesToTheCode) {
    World world;
    world.state.set_code(world.shop, *vm::parse_hex("600149"
                                                    "5f55"));  // stores BLOBHASH(1)
    Transaction tx = blob_payment(world, 2);
    tx.to = world.shop;
    tx.blob_hashes[1].bytes[31] = 9;
    ASSERT_TRUE(execute(world.state, tx).receipt.ok());
    EXPECT_EQ(world.state.load(world.shop, 0), vm::to_word(tx.blob_hashes[1]));
}

TEST(BlobTransaction, MustBeAbleToPayItsMaximumBlobFee) {
    World world;
    Transaction tx = blob_payment(world, 1);
    const Word gas = Word(tx.gas_limit) * tx.gas_price;
    const Word most = (Word(999) * ether - gas) / Word(gas_per_blob);
    tx.blob_fee = most + Word(1);
    EXPECT_EQ(execute(world.state, tx).refusal, TransactionRefusal::InsufficientFunds);
    tx.blob_fee = ~Word{};
    EXPECT_EQ(execute(world.state, tx).refusal, TransactionRefusal::InsufficientFunds);
    tx.blob_fee = most;
    EXPECT_EQ(execute(world.state, tx).refusal, TransactionRefusal::None);
}

TEST(BlobTransaction, MustOfferTheBlobBaseFee) {
    World world;
    set_blob_base_fee(world, 6);
    EXPECT_EQ(execute(world.state, blob_payment(world, 1)).refusal, TransactionRefusal::BlobFeeBelowBaseFee);
}

TEST(BlobTransaction, CarriesAtLeastOneBlobAndAtMostWhatTheForkAllows) {
    const World world;
    EXPECT_EQ(check(blob_payment(world, 0), Fork::Cancun), TransactionRefusal::NoBlobs);
    for (const auto& [fork, most] : {std::pair{Fork::Cancun, 6}, {Fork::Prague, 9}, {Fork::Osaka, 6}}) {
        EXPECT_EQ(check(blob_payment(world, most), fork), TransactionRefusal::None) << name_of(fork);
        EXPECT_EQ(check(blob_payment(world, most + 1), fork), TransactionRefusal::TooManyBlobs) << name_of(fork);
    }
}

TEST(BlobTransaction, KnowsOnlyHashesOfCommitments) {
    World world;
    Transaction tx = blob_payment(world, 2);
    tx.blob_hashes[1].bytes[0] = 2;
    EXPECT_EQ(execute(world.state, tx).refusal, TransactionRefusal::BlobHashVersion);
}

TEST(BlobTransaction, CreatesNoContract) {
    World world;
    Transaction tx = blob_payment(world, 1);
    tx.to = std::nullopt;
    EXPECT_EQ(execute(world.state, tx).refusal, TransactionRefusal::BlobCreation);
}

TEST(BlobTransaction, IsThereFromCancunOn) {
    World world(Fork::Shanghai);
    EXPECT_EQ(execute(world.state, blob_payment(world, 1)).refusal, TransactionRefusal::TypeNotAvailable);
}

}  // namespace
}  // namespace interlock::chain
