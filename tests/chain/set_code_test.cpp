// Set-code transactions: whose account runs whose code, and which authorizations are passed over. (EIP-7702.)

#include <gtest/gtest.h>

#include "chain/execution.hpp"
#include "tests/chain/people.hpp"
#include "vm/code.hpp"

namespace interlock::chain {
namespace {

using testing::World;
using vm::Fork;

Bytes hex(std::string_view s) { return vm::parse_hex(s).value(); }

// Carol has a key and nothing else; she lets the shop's code, which stores 7 in slot 0, run as her own.
struct Delegation {
    World world{Fork::Prague};
    PrivateKey key;
    Address carol;
    Transaction tx;

    Delegation() {
        key.bytes.fill(0x77);
        carol = address_of(key);
        world.state.set_code(world.shop, hex("60075f55"));
        tx = world.payment(0);
        tx.type = TransactionType::SetCode;
        tx.gas_limit = 200'000;
        tx.to = carol;
        authorize(1, world.shop, 0);
    }

    void authorize(const Word& chain, const Address& target, std::uint64_t nonce) {
        sign(tx.authorizations.emplace_back(Authorization{chain, target, nonce, 0, 0, 0}), key);
    }
    Result run() { return execute(world.state, tx); }
    [[nodiscard]] ByteView code_of_carol() { return world.state.code(carol)->bytes(); }
    [[nodiscard]] bool is_delegated() { return world.state.code(carol)->delegation() == world.shop; }
};

constexpr std::uint64_t stored = 3 + 2 + 22'100;  // PUSH1, PUSH0, SSTORE into a cold slot that was zero

TEST(SetCode, AnAccountRunsTheCodeItWasGivenOnItsOwnStorage) {
    Delegation delegation;
    const Result result = delegation.run();
    ASSERT_TRUE(result.receipt.ok());
    EXPECT_EQ(delegation.world.state.load(delegation.carol, 0), Word(7));
    EXPECT_EQ(delegation.world.state.load(delegation.world.shop, 0), Word(0));
    EXPECT_EQ(delegation.world.state.nonce(delegation.carol), 1U);
    EXPECT_EQ(Bytes(delegation.code_of_carol().begin(), delegation.code_of_carol().end()),
              vm::delegation_to(delegation.world.shop));
}

TEST(SetCode, ANewAccountCosts25000AndTheTargetIsWarm) {
    EXPECT_EQ(Delegation().run().receipt.gas_used, 21'000U + 25'000 + stored);
}

TEST(SetCode, AnAccountThatIsThereHasHalfOfItRefunded) {
    Delegation delegation;
    delegation.world.state.set_balance(delegation.carol, 1);
    const Result result = delegation.run();
    EXPECT_EQ(result.receipt.gas_refunded, 12'500U);
    EXPECT_EQ(result.receipt.gas_used, 21'000U + 25'000 + stored - 12'500);
}

TEST(SetCode, TheDelegationAndTheRefundStayWhenTheCodeFails) {
    Delegation delegation;
    delegation.world.state.set_balance(delegation.carol, 1);
    delegation.world.state.set_code(delegation.world.shop, hex("5f5ffd"));
    const Result result = delegation.run();
    EXPECT_EQ(result.receipt.status, vm::Status::Revert);
    EXPECT_TRUE(delegation.is_delegated());
    EXPECT_EQ(result.receipt.gas_refunded, (21'000U + 25'000 + 4) / 5);
}

TEST(SetCode, AnAuthorizationForEveryChainIsValid) {
    Delegation delegation;
    delegation.tx.authorizations.clear();
    delegation.authorize(0, delegation.world.shop, 0);
    EXPECT_TRUE(delegation.run().receipt.ok());
    EXPECT_TRUE(delegation.is_delegated());
}

TEST(SetCode, TheZeroAddressTakesTheCodeAway) {
    Delegation delegation;
    delegation.authorize(1, Address{}, 1);
    ASSERT_TRUE(delegation.run().receipt.ok());
    EXPECT_TRUE(delegation.code_of_carol().empty());
    EXPECT_EQ(delegation.world.state.nonce(delegation.carol), 2U);
}

TEST(SetCode, AnAuthorizationThatIsVoidIsPassedOver) {
    const auto is_void = [](auto&& spoil) {
        Delegation delegation;
        spoil(delegation);
        return delegation.run().valid() && !delegation.is_delegated();
    };
    const auto instead = [](const Word& chain, std::uint64_t nonce) {
        return [=](Delegation& delegation) {
            delegation.tx.authorizations.clear();
            delegation.authorize(chain, delegation.world.shop, nonce);
        };
    };
    EXPECT_FALSE(is_void(instead(1, 0)));
    EXPECT_TRUE(is_void(instead(5, 0))) << "another chain";
    EXPECT_TRUE(is_void(instead(1, 1))) << "another nonce";
    EXPECT_TRUE(is_void(instead(1, UINT64_MAX))) << "the last nonce";
    EXPECT_TRUE(is_void([](Delegation& it) { it.tx.authorizations[0].r = 0; })) << "no signature";
    EXPECT_TRUE(is_void([](Delegation& it) { it.tx.authorizations[0].y_parity ^= 1; })) << "somebody else's";
    EXPECT_TRUE(is_void([](Delegation& it) { it.world.state.set_code(it.carol, hex("00")); })) << "a contract";
}

TEST(SetCode, TheSendersOwnAuthorizationCountsTheTransactionItself) {
    Delegation delegation;
    delegation.world.state.set_balance(delegation.carol, ether);
    delegation.tx.sender = delegation.carol;
    delegation.tx.authorizations.clear();
    delegation.authorize(1, delegation.world.shop, 1);
    ASSERT_TRUE(delegation.run().receipt.ok());
    EXPECT_TRUE(delegation.is_delegated());
    EXPECT_EQ(delegation.world.state.nonce(delegation.carol), 2U);
}

TEST(SetCode, ADelegationOfADelegationIsNotFollowed) {
    Delegation delegation;
    Address second;
    second.bytes.fill(0x22);
    delegation.world.state.set_code(second, vm::delegation_to(delegation.world.shop));
    delegation.tx.authorizations.clear();
    delegation.authorize(1, second, 0);
    EXPECT_EQ(delegation.run().receipt.status, vm::Status::InvalidInstruction);  // 0xef
}

TEST(SetCode, APrecompileAsTargetIsAccountWithoutCode) {
    Delegation delegation;
    Address identity;
    identity.bytes[19] = 4;
    delegation.tx.authorizations.clear();
    delegation.authorize(1, identity, 0);
    delegation.tx.data = {1, 2, 3};
    const Result result = delegation.run();
    EXPECT_TRUE(result.receipt.ok());
    EXPECT_TRUE(result.receipt.output.empty());
    EXPECT_EQ(result.receipt.gas_used, 21'000U + 3 * 16 + 25'000);
}

// The code is the designator itself to those who read it: 23 bytes.
TEST(SetCode, OthersReadTheDesignatorAndPayTwoAccessesToCallIt) {
    Delegation delegation;
    World& world = delegation.world;
    world.state.set_code(delegation.carol, vm::delegation_to(world.shop));
    Bytes code = hex("73");
    code.insert(code.end(), delegation.carol.bytes.begin(), delegation.carol.bytes.end());
    const Bytes read = hex("3b5f55");  // EXTCODESIZE, stored
    code.insert(code.end(), read.begin(), read.end());
    const Bytes call = hex("5f5f5f5f5f73");
    code.insert(code.end(), call.begin(), call.end());
    code.insert(code.end(), delegation.carol.bytes.begin(), delegation.carol.bytes.end());
    const Bytes go = hex("5af1");
    code.insert(code.end(), go.begin(), go.end());
    Address caller;
    caller.bytes.fill(0x33);
    world.state.set_code(caller, code);
    Transaction tx = world.payment(0);
    tx.to = caller;
    tx.gas_limit = 200'000;
    const Result result = execute(world.state, tx);
    ASSERT_TRUE(result.receipt.ok());
    EXPECT_EQ(world.state.load(caller, 0), Word(23));
    EXPECT_EQ(world.state.load(delegation.carol, 0), Word(7));
    const std::uint64_t reading = 3 + 2'600 + 2 + 22'100;
    const std::uint64_t calling = 5 * 2 + 3 + 2 + 100 + 2'600;  // carol is warm by now, the shop is not
    EXPECT_EQ(result.receipt.gas_used, 21'000U + reading + calling + stored);
}

TEST(SetCode, ADelegatedAccountMaySendTransactions) {
    World world(Fork::Prague);
    world.state.set_code(world.alice, vm::delegation_to(world.shop));
    EXPECT_TRUE(execute(world.state, world.payment(ether)).valid());
}

TEST(SetCode, NeedsAuthorizationsARecipientAndPrague) {
    Delegation empty;
    empty.tx.authorizations.clear();
    EXPECT_EQ(empty.run().refusal, TransactionRefusal::NoAuthorizations);

    Delegation creation;
    creation.tx.to = std::nullopt;
    EXPECT_EQ(creation.run().refusal, TransactionRefusal::SetCodeCreation);
    EXPECT_EQ(check(Delegation().tx, Fork::Cancun), TransactionRefusal::TypeNotAvailable);
}

TEST(SetCode, PaysForEachAuthorizationInAdvance) {
    Delegation delegation;
    delegation.tx.gas_limit = 21'000 + 24'999;
    EXPECT_EQ(delegation.run().refusal, TransactionRefusal::IntrinsicGas);
}

}  // namespace
}  // namespace interlock::chain
