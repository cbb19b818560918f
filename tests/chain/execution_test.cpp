// The transaction's rules: what it costs, when it is invalid, what stays when it fails.

#include "chain/execution.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "chain/genesis.hpp"
#include "tests/chain/people.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain {
namespace {

using testing::World;

Bytes hex(std::string_view s) { return vm::parse_hex(s).value(); }

TEST(Execution, AValueTransferCosts21000) {
    World world;
    const Result result = execute(world.state, world.payment(ether));
    ASSERT_TRUE(result.valid());
    EXPECT_TRUE(result.receipt.ok());
    EXPECT_EQ(result.receipt.gas_used, 21'000U);
    EXPECT_EQ(world.state.balance(world.bob), Word(1001) * ether);
}

TEST(Execution, TheSenderPaysValueAndFee) {
    World world;
    const Result result = execute(world.state, world.payment(ether));
    EXPECT_EQ(result.receipt.fee, Word(21'000) * Word(10) * gwei);
    EXPECT_EQ(world.state.balance(world.alice), Word(999) * ether - result.receipt.fee);
    EXPECT_EQ(world.state.nonce(world.alice), 1U);
}

TEST(Execution, TheCoinbaseIsGivenThePriorityFeeAndTheRestIsBurnt) {
    World world;
    (void)execute(world.state, world.payment(ether));
    EXPECT_EQ(world.state.balance(world.coinbase), Word(21'000) * Word(9) * gwei);  // price 10, base fee 1
}

TEST(Execution, AFeeMarketTransactionPaysNoMoreThanBaseAndPriority) {
    World world;
    Transaction tx = world.payment(0);
    tx.type = TransactionType::FeeMarket;
    tx.gas_price = Word(100) * gwei;
    tx.priority_fee = Word(2) * gwei;
    EXPECT_EQ(execute(world.state, tx).receipt.fee, Word(21'000) * Word(3) * gwei);
}

TEST(Execution, AFeeMarketTransactionPaysNoMoreThanItsMaximum) {
    World world;
    Transaction tx = world.payment(0);
    tx.type = TransactionType::FeeMarket;
    tx.gas_price = Word(2) * gwei;
    tx.priority_fee = Word(2) * gwei;
    EXPECT_EQ(execute(world.state, tx).receipt.fee, Word(21'000) * Word(2) * gwei);
}

TEST(Execution, DataCostSixteenGasAByteAndFourForZero) {
    World world;
    Transaction tx = world.payment(0);
    tx.data = {0, 1, 0, 2};
    EXPECT_EQ(execute(world.state, tx).receipt.gas_used, 21'000U + 2 * 4 + 2 * 16);
}

TEST(Execution, DataAreCountedByteByByteWhateverTheyAre) {
    Transaction tx = World().payment(0);
    for (unsigned byte = 0; byte < 256; ++byte)
        for (const unsigned next : {0u, 1u, 0x80u, 0xffu}) {
            tx.data.push_back(static_cast<std::uint8_t>(byte));
            tx.data.push_back(static_cast<std::uint8_t>(next));
            const auto zeros = static_cast<std::uint64_t>(std::ranges::count(tx.data, 0));
            EXPECT_EQ(intrinsic_gas(tx, vm::Fork::Cancun), 21'000U + 4 * zeros + 16 * (tx.data.size() - zeros));
        }
}

TEST(Execution, WithoutAReceiptItLeavesTheSame) {
    World world, other;
    const Transaction tx = world.payment(ether);
    (void)execute(world.state, tx);
    Execution run(other.state);
    ASSERT_EQ(run.begin(tx), TransactionRefusal::None);
    run.close(run.machine().run().outcome);
    EXPECT_EQ(other.state.rehash(), world.state.rehash());
}

TEST(Execution, AnAccessListIsPaidInAdvance) {
    World world;
    Transaction tx = world.payment(0);
    tx.type = TransactionType::AccessList;
    tx.access_list = {{world.bob, {1, 2}}};
    EXPECT_EQ(execute(world.state, tx).receipt.gas_used, 21'000U + 2'400 + 2 * 1'900);
}

TEST(Execution, ASlotOfTheAccessListIsWarm) {
    World world;
    world.state.set_code(world.shop, hex("6001545000"));  // SLOAD(1)
    Transaction tx = world.call_of_shop();
    tx.type = TransactionType::AccessList;
    tx.access_list = {{world.shop, {1}}};
    EXPECT_EQ(execute(world.state, tx).receipt.gas_used, 21'000U + 2'400 + 1'900 + 3 + 100 + 2);
}

TEST(Execution, ACreationDeploysWhatTheInitCodeReturns) {
    World world;
    Transaction tx = world.payment(0);
    tx.to = std::nullopt;
    tx.data = hex("60015f5360015ff3");  // returns the byte 01
    const Result result = execute(world.state, tx);
    ASSERT_TRUE(result.receipt.ok());
    ASSERT_EQ(result.receipt.created, create_address(world.alice, 0));
    EXPECT_EQ(world.state.code_hash(*result.receipt.created), vm::keccak256(hex("01")));
    EXPECT_EQ(world.state.nonce(*result.receipt.created), 1U);
}

TEST(Execution, ACreationCostsItsSurchargeInitCodeWordsAndDeposit) {
    World world;
    Transaction tx = world.payment(0);
    tx.to = std::nullopt;
    tx.data = hex("60015f5360015ff3");
    const std::uint64_t data = 8 * 16, instructions = 3 + 2 + 6 + 3 + 2, deposit = 200;
    EXPECT_EQ(execute(world.state, tx).receipt.gas_used, 21'000U + 32'000 + data + 2 + instructions + deposit);
}

TEST(Execution, ARevertKeepsFeeAndNonceAndUndoesTheRest) {
    World world;
    world.state.set_code(world.shop, hex("60015f5560015f53"
                                         "60015ffd"));  // stores, then reverts with 01
    Transaction tx = world.call_of_shop();
    tx.value = ether;
    const Result result = execute(world.state, tx);
    EXPECT_EQ(result.receipt.status, vm::Status::Revert);
    EXPECT_EQ(result.receipt.output, hex("01"));
    EXPECT_EQ(world.state.load(world.shop, 0), Word{});
    EXPECT_EQ(world.state.balance(world.shop), Word{});
    EXPECT_EQ(world.state.balance(world.alice), Word(1000) * ether - result.receipt.fee);
    EXPECT_EQ(world.state.nonce(world.alice), 1U);
}

TEST(Execution, AnInvalidInstructionTakesAllGas) {
    World world;
    world.state.set_code(world.shop, hex("fe"));
    EXPECT_EQ(execute(world.state, world.call_of_shop()).receipt.gas_used, world.call_of_shop().gas_limit);
}

TEST(Execution, ClearingASlotRefundsAtMostAFifth) {
    World world;
    world.state.store(world.shop, 0, 1);
    world.state.set_code(world.shop, hex("5f5f5500"));  // SSTORE(0, 0)
    const std::uint64_t spent = 21'000 + 2 + 2 + 5'000;
    const Receipt receipt = execute(world.state, world.call_of_shop()).receipt;
    EXPECT_EQ(receipt.gas_refunded, 4'800U);
    EXPECT_EQ(receipt.gas_used, spent - 4'800);
}

TEST(Execution, TheRefundIsCappedAtAFifthOfWhatWasSpent) {
    World world;
    Bytes code;
    for (std::uint8_t slot = 0; slot < 3; ++slot) {
        world.state.store(world.shop, slot, 1);
        for (const std::uint8_t byte : {std::uint8_t{0x5f}, std::uint8_t{0x60}, slot, std::uint8_t{0x55}})
            code.push_back(byte);
    }
    world.state.set_code(world.shop, code);
    const std::uint64_t spent = 21'000 + 3 * (2 + 3 + 5'000);
    EXPECT_EQ(execute(world.state, world.call_of_shop()).receipt.gas_refunded, spent / 5);
}

TEST(Execution, LogsAreInTheReceipt) {
    World world;
    world.state.set_code(world.shop, hex("5f5fa000"));
    const Receipt receipt = execute(world.state, world.call_of_shop()).receipt;
    ASSERT_EQ(receipt.logs.size(), 1U);
    EXPECT_EQ(receipt.logs[0].address, world.shop);
}

TEST(Execution, TransientStorageDoesNotOutliveTheTransaction) {
    World world;
    world.state.set_code(world.shop, hex("5f5c5f555f5c60010160005d00"));  // slot 0 := transient 0; transient 0 += 1
    (void)execute(world.state, world.call_of_shop());
    (void)execute(world.state, world.call_of_shop(1));
    EXPECT_EQ(world.state.load(world.shop, 0), Word{});
}

TEST(Call, ChangesNothing) {
    World world;
    world.state.keep_fingerprint(true);
    world.state.set_code(world.shop, hex("60015f5560015f5360015ff3"));
    const Fingerprint before = world.state.fingerprint();
    vm::Message message;
    message.gas = {100'000};
    message.sender = world.alice;
    message.recipient = message.code_address = world.shop;
    const vm::Outcome outcome = call(world.state, message);
    EXPECT_TRUE(outcome.ok());
    EXPECT_EQ(outcome.output, hex("01"));
    EXPECT_EQ(world.state.fingerprint(), before);
}

TEST(Call, FindsTheSameAccountsWarmAsATransaction) {
    World world;
    world.state.set_code(world.shop, hex("303100"));  // BALANCE(ADDRESS)
    vm::Message message;
    message.gas = {100'000};
    message.sender = world.alice;
    message.recipient = message.code_address = world.shop;
    EXPECT_EQ(call(world.state, message).gas_left, vm::Gas{100'000 - 2 - 100});
}

TEST(CreateAddress, IsThePublishedOne) {
    const Address sender = vm::parse_address("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0").value();
    EXPECT_EQ(create_address(sender, 0), vm::parse_address("0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d"));
    EXPECT_EQ(create_address(sender, 1), vm::parse_address("0x343c43a37d37dff08ae8c4a11544c718abb4fcf8"));
}

// --- invalid transactions ---

struct Flaw {
    TransactionRefusal reason;
    void (*introduce)(World&, Transaction&);
};

class InvalidTransaction : public ::testing::TestWithParam<Flaw> {};

TEST_P(InvalidTransaction, IsRefusedByNameAndChangesNothing) {
    World world;
    Transaction tx = world.payment(ether);
    GetParam().introduce(world, tx);
    const Hash before = world.state.root();
    EXPECT_EQ(name_of(execute(world.state, tx).refusal), name_of(GetParam().reason));
    EXPECT_EQ(world.state.root(), before);
}

void set_fee_market(Transaction& tx) { tx.type = TransactionType::FeeMarket; }

INSTANTIATE_TEST_SUITE_P(
    Reasons, InvalidTransaction,
    ::testing::Values(
        Flaw{TransactionRefusal::NonceTooHigh, [](World&, Transaction& tx) { tx.nonce = 1; }},
        Flaw{TransactionRefusal::NonceTooLow, [](World& world, Transaction&) { world.state.set_nonce(world.alice, 1); }},
        Flaw{TransactionRefusal::NonceMax,
             [](World& world, Transaction& tx) {
                 tx.nonce = UINT64_MAX;
                 world.state.set_nonce(world.alice, UINT64_MAX);
             }},
        Flaw{TransactionRefusal::InsufficientFunds, [](World&, Transaction& tx) { tx.value = Word(1000) * ether; }},
        Flaw{TransactionRefusal::Overflow, [](World&, Transaction& tx) { tx.gas_price = ~Word{}; }},
        Flaw{TransactionRefusal::IntrinsicGas, [](World&, Transaction& tx) { tx.gas_limit = 20'999; }},
        Flaw{TransactionRefusal::GasLimitExceedsBlock, [](World&, Transaction& tx) { tx.gas_limit = 30'000'001; }},
        Flaw{TransactionRefusal::FeeBelowBaseFee, [](World&, Transaction& tx) { tx.gas_price = gwei - Word(1); }},
        Flaw{TransactionRefusal::PriorityAboveMaxFee,
             [](World&, Transaction& tx) {
                 set_fee_market(tx);
                 tx.priority_fee = tx.gas_price + Word(1);
             }},
        Flaw{TransactionRefusal::SenderHasCode,
             [](World& world, Transaction&) { world.state.set_code(world.alice, Bytes{0}); }},
        Flaw{TransactionRefusal::InitCodeTooLarge,
             [](World&, Transaction& tx) {
                 tx.to = std::nullopt;
                 tx.data.resize(0xc001);
                 tx.gas_limit = 10'000'000;
             }},
        Flaw{TransactionRefusal::WrongChain, [](World&, Transaction& tx) { tx.chain_id = 5; }},
        Flaw{TransactionRefusal::TypeNotAvailable, [](World& world, Transaction& tx) {
                 world = World(vm::Fork::Berlin);
                 set_fee_market(tx);
             }}));

TEST(Execution, ATransactionThatTheBlockAndItsGasForbidIsRefusedForTheBlock) {
    World world;
    Transaction tx = world.payment(ether);
    tx.gas_limit = 0;
    tx.gas_price = gwei - Word(1);
    EXPECT_EQ(execute(world.state, tx).refusal, TransactionRefusal::FeeBelowBaseFee);
    tx.gas_price = gwei;
    tx.value = Word(1000) * ether + Word(1);
    EXPECT_EQ(execute(world.state, tx).refusal, TransactionRefusal::InsufficientFunds);
    tx.value = ether;
    EXPECT_EQ(execute(world.state, tx).refusal, TransactionRefusal::IntrinsicGas);
}

TEST(Execution, NoGasLimitIsSoHighThatItIsNegative) {
    World world(vm::Fork::Berlin);
    vm::BlockContext block = world.state.block();
    block.gas_limit = UINT64_MAX;
    world.state.set_block(block);
    Transaction tx = world.payment(ether);
    tx.gas_price = 0;
    tx.gas_limit = UINT64_MAX;
    EXPECT_EQ(execute(world.state, tx).refusal, TransactionRefusal::GasLimitExceedsBlock);
    tx.gas_limit = INT64_MAX;
    EXPECT_EQ(execute(world.state, tx).receipt.gas_used, 21'000u);
}

}  // namespace
}  // namespace interlock::chain
