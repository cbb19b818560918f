// The world state: what one operation does, and what a transaction's end removes.

#include "chain/state.hpp"

#include <gtest/gtest.h>

#include "tests/chain/state_content.hpp"
#include "vm/code.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain {
namespace {

using testing::address_at, testing::block_numbered;
using vm::Fork;

const Address alice = address_at(1), bob = address_at(2), shop = address_at(3);

TEST(State, AnUnknownAccountIsAbsentAndEmpty) {
    State state;
    EXPECT_FALSE(state.exists(alice));
    EXPECT_TRUE(state.is_empty(alice));
    EXPECT_TRUE(state.code_hash(alice).is_zero());
    EXPECT_TRUE(state.code(alice)->is_empty());
    EXPECT_EQ(state.load(alice, 7), Word{});
}

TEST(State, ATransferMovesTheValue) {
    State state;
    state.set_balance(alice, 100);
    state.transfer(alice, bob, 30);
    EXPECT_EQ(state.balance(alice), Word(70));
    EXPECT_EQ(state.balance(bob), Word(30));
}

TEST(State, ATransferToOneselfKeepsTheBalance) {
    State state;
    state.set_balance(alice, 100);
    state.transfer(alice, alice, 30);
    EXPECT_EQ(state.balance(alice), Word(100));
}

TEST(State, AnAccountWithoutCodeHasTheHashOfNothing) {
    State state;
    state.set_balance(alice, 1);
    EXPECT_EQ(state.code_hash(alice), vm::keccak256({}));
}

TEST(State, CodeIsKeptByItsHash) {
    State state;
    const Bytes code{0x60, 0x00};
    state.set_code(shop, code);
    EXPECT_EQ(state.code_hash(shop), vm::keccak256(code));
    EXPECT_EQ(Bytes(state.code(shop)->bytes().begin(), state.code(shop)->bytes().end()), code);
}

TEST(State, TheOriginalValueIsTheOneBeforeTheTransaction) {
    State state;
    state.store(shop, 1, 5);
    state.begin_transaction({});
    state.store(shop, 1, 6);
    state.store(shop, 1, 7);
    EXPECT_EQ(state.load_original(shop, 1), Word(5));
}

TEST(State, ANewTransactionTakesItsOriginalValuesAfresh) {
    State state;
    state.begin_transaction({});
    state.store(shop, 1, 6);
    state.begin_transaction({});
    EXPECT_EQ(state.load_original(shop, 1), Word(6));
}

TEST(State, WarmthEndsWithTheTransaction) {
    State state;
    EXPECT_TRUE(state.warm_account(alice));
    EXPECT_FALSE(state.warm_account(alice));
    state.begin_transaction({});
    EXPECT_TRUE(state.warm_account(alice));
}

TEST(State, TransientStorageEndsWithTheTransaction) {
    State state;
    state.begin_transaction({});
    state.store_transient(shop, 1, 9);
    EXPECT_EQ(state.load_transient(shop, 1), Word(9));
    state.end_transaction();
    EXPECT_EQ(state.load_transient(shop, 1), Word{});
}

TEST(State, LogsStayReadableUntilTheNextTransaction) {
    State state;
    state.begin_transaction({});
    state.emit({shop, {}, {1}});
    state.end_transaction();
    EXPECT_EQ(state.logs().size(), 1U);
    state.begin_transaction({});
    EXPECT_TRUE(state.logs().empty());
}

TEST(State, ARevertTakesWarmthBack) {
    State state;
    const auto before = state.checkpoint();
    state.warm_slot(shop, 1);
    state.revert_to(before);
    EXPECT_TRUE(state.warm_slot(shop, 1));
}

TEST(State, ATouchedEmptyAccountIsGoneAfterTheTransaction) {
    State state;
    state.set_balance(bob, 0);
    ASSERT_TRUE(state.exists(bob));
    state.begin_transaction({});
    state.touch(bob);
    state.end_transaction();
    EXPECT_FALSE(state.exists(bob));
}

TEST(State, ARevertTakesATouchBack) {
    State state;
    state.create_account(bob);
    state.begin_transaction({});
    const auto before = state.checkpoint();
    state.touch(bob);
    state.revert_to(before);
    state.end_transaction();
    EXPECT_TRUE(state.exists(bob));
}

TEST(State, ARevertLeavesPrecompileThreeTouched) {
    State state;
    const Address ripemd160 = vm::to_address(Word(3));
    state.create_account(ripemd160);
    state.begin_transaction({});
    const auto outer = state.checkpoint();
    const auto inner = state.checkpoint();
    state.touch(ripemd160);
    state.revert_to(inner);
    state.revert_to(outer);
    state.end_transaction();
    EXPECT_FALSE(state.exists(ripemd160));
}

TEST(State, BeforeSpuriousDragonATouchBringsAnAccountIntoBeing) {
    State state(Fork::Homestead);
    state.begin_transaction({});
    state.touch(bob);
    state.end_transaction();
    EXPECT_TRUE(state.exists(bob));
}

TEST(State, AContractOfAnEarlierTransactionSurvivesItsDestructionSinceCancun) {
    State state;
    state.set_balance(shop, 10);
    state.set_nonce(shop, 1);
    state.begin_transaction({});
    EXPECT_FALSE(state.self_destruct(shop, bob));
    state.end_transaction();
    EXPECT_TRUE(state.exists(shop));
    EXPECT_EQ(state.balance(bob), Word(10));
}

TEST(State, AContractOfTheSameTransactionIsDestroyedWithItsStorage) {
    State state;
    state.begin_transaction({});
    state.create_account(shop);
    state.set_nonce(shop, 1);
    state.store(shop, 1, 1);
    EXPECT_TRUE(state.self_destruct(shop, bob));
    EXPECT_FALSE(state.self_destruct(shop, bob));
    state.end_transaction();
    EXPECT_FALSE(state.exists(shop));
    EXPECT_FALSE(state.has_storage(shop));
}

TEST(State, ADestroyedContractThatIsItsOwnHeirBurnsItsEther) {
    State state;
    state.begin_transaction({});
    state.create_account(shop);
    state.set_balance(shop, 10);
    (void)state.self_destruct(shop, shop);
    EXPECT_EQ(state.balance(shop), Word{});
}

TEST(State, BlockHashesReachBackTwoHundredAndFiftySixBlocks) {
    State state;
    const Hash hash = vm::keccak256(Bytes{1});
    state.add_block_hash(44, hash);
    state.set_block(block_numbered(300));
    EXPECT_EQ(state.block_hash(44), hash);
    state.set_block(block_numbered(301));
    EXPECT_TRUE(state.block_hash(44).is_zero());
}

TEST(State, AccountsAreListedInTheOrderOfTheirAddresses) {
    State state;
    state.set_balance(shop, 1);
    state.set_balance(alice, 1);
    state.store(alice, 9, 1);
    state.store(alice, 2, 1);
    const auto accounts = state.accounts();
    ASSERT_EQ(accounts.size(), 2U);
    EXPECT_EQ(accounts[0].address, alice);
    EXPECT_EQ(accounts[0].storage, (std::vector<std::pair<Word, Word>>{{2, 1}, {9, 1}}));
}

TEST(State, ACopyIsIndependent) {
    State state;
    state.set_balance(alice, 1);
    const auto start = state.checkpoint();
    State copy(state);
    copy.set_balance(alice, 2);
    copy.revert_to(start);
    EXPECT_EQ(copy.balance(alice), Word(1));
    state.set_balance(alice, 3);
    EXPECT_EQ(copy.balance(alice), Word(1));
}

TEST(State, ForgettingHistoryKeepsTheContent) {
    State state;
    state.begin_transaction({});
    state.set_balance(alice, 5);
    state.emit({shop, {}, {}});
    state.forget_history();
    EXPECT_EQ(state.checkpoint(), 0U);
    EXPECT_EQ(state.balance(alice), Word(5));
    EXPECT_EQ(state.logs().size(), 1U);
}

}  // namespace
}  // namespace interlock::chain
