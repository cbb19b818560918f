// The prover on contracts built by hand: the bank in its orders, and constructs that are not covered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyzer/prover.hpp"
#include "ir_builder.hpp"

namespace interlock::analyzer {
namespace {

using testing::add_solvency;
using testing::add_variable;
using testing::FunctionBuilder;
using testing::Op;
using testing::Value;
namespace ir = lang::ir;

void add_deposit(ir::Contract& contract) {
    FunctionBuilder f("deposit");
    f.function().mutability = ir::Mutability::Payable;
    const Value sender = f.add(Op::Caller, ir::address_type);
    const Value old = f.load(0, ir::uint256_type, {sender});
    f.store(0, ir::uint256_type, {sender},
            f.add(Op::Add, ir::uint256_type, {old, f.add(Op::CallValue, ir::uint256_type)}, true));
    f.finish();
    contract.functions.push_back(f.function());
}

enum class Order { PayThenDebit, DebitThenPay };

void add_withdraw(ir::Contract& contract, Order order, bool checked = false) {
    FunctionBuilder f("withdraw");
    const Value amount = f.parameter(ir::uint256_type);
    const Value sender = f.add(Op::Caller, ir::address_type);
    f.guard(f.add(Op::GreaterEqual, ir::bool_type, {f.load(0, ir::uint256_type, {sender}), amount}));
    const auto debit = [&] {
        const Value now = f.load(0, ir::uint256_type, {sender});
        f.store(0, ir::uint256_type, {sender}, f.add(Op::Sub, ir::uint256_type, {now, amount}, checked));
    };
    if (order == Order::DebitThenPay) debit();
    f.guard(f.call(sender, amount));
    if (order == Order::PayThenDebit) debit();
    f.finish();
    contract.functions.push_back(f.function());
}

ir::Contract bank(Order order, bool checked = false) {
    ir::Contract contract = testing::empty_contract();
    add_variable(contract, "balances", 2);
    add_deposit(contract);
    add_withdraw(contract, order, checked);
    add_solvency(contract, "solvent", false, 0);
    return contract;
}

// The vulnerable order behind a lock; `guarded`: does a transfer take the lock as well?
ir::Contract mutex_bank(bool guarded_transfer, bool strong_line = true) {
    ir::Contract contract = testing::empty_contract();
    add_variable(contract, "balances", 2);
    add_variable(contract, "locked", 1);
    const auto lock = [](FunctionBuilder& f, bool value) {
        if (value) f.guard(f.add(Op::Not, ir::bool_type, {f.load(1, ir::bool_type)}));
        f.store(1, ir::bool_type, {}, f.constant(value ? 1 : 0, ir::bool_type));
    };
    for (const std::string name : {"deposit", "withdraw", "transfer"}) {
        FunctionBuilder f(name);
        const Value sender = f.add(Op::Caller, ir::address_type);
        if (name == "deposit") f.function().mutability = ir::Mutability::Payable;
        const Value to = name == "transfer" ? f.parameter(ir::address_type) : sender;
        const Value amount = name == "deposit" ? f.add(Op::CallValue, ir::uint256_type) : f.parameter(ir::uint256_type);
        const bool guarded = guarded_transfer || name != "transfer";
        if (guarded) lock(f, true);
        if (name != "deposit") {
            f.guard(f.add(Op::GreaterEqual, ir::bool_type, {f.load(0, ir::uint256_type, {sender}), amount}));
        }
        if (name == "withdraw") f.guard(f.call(sender, amount));
        if (name != "deposit") {
            const Value old = f.load(0, ir::uint256_type, {sender});
            f.store(0, ir::uint256_type, {sender}, f.add(Op::Sub, ir::uint256_type, {old, amount}));
        }
        if (name != "withdraw") {
            const Value old = f.load(0, ir::uint256_type, {to});
            f.store(0, ir::uint256_type, {to}, f.add(Op::Add, ir::uint256_type, {old, amount}, true));
        }
        if (guarded) lock(f, false);
        f.finish();
        contract.functions.push_back(f.function());
    }
    add_solvency(contract, "solvent", false, 0);
    if (strong_line) add_solvency(contract, "guarded", true, 0, 1);
    return contract;
}

ProofReport proof_of(const ir::Contract& contract) { return prove(contract, lang::Sources{}); }

TEST(ProverOnIr, BankThatDebitsFirstIsSafe) {
    const ProofReport report = proof_of(bank(Order::DebitThenPay));
    ASSERT_EQ(report.properties.size(), 1u);
    EXPECT_EQ(report.properties[0].status, ProofStatus::Safe);
}

TEST(ProverOnIr, SafePropertyHasEveryConditionProved) {
    const ProofReport report = proof_of(bank(Order::DebitThenPay));
    EXPECT_GT(report.properties[0].conditions, 3u);
    EXPECT_EQ(report.properties[0].proved, report.properties[0].conditions);
}

TEST(ProverOnIr, BankThatPaysFirstIsUnknown) {
    EXPECT_EQ(proof_of(bank(Order::PayThenDebit)).properties[0].status, ProofStatus::Unknown);
}

TEST(ProverOnIr, ObstacleNamesTheFunctionAndTheCall) {
    const ProofReport report = proof_of(bank(Order::PayThenDebit));
    ASSERT_FALSE(report.properties[0].blocked_by.empty());
    EXPECT_THAT(report.properties[0].blocked_by[0].sentence,
                ::testing::StartsWith("withdraw: the invariant may be false at the external call"));
}

TEST(ProverOnIr, BankBehindALockIsSafe) {
    EXPECT_EQ(proof_of(mutex_bank(true)).find("solvent")->status, ProofStatus::Safe);
    EXPECT_EQ(proof_of(mutex_bank(true)).find("guarded")->status, ProofStatus::Safe);
}

TEST(ProverOnIr, OneFunctionThatIgnoresTheLockMakesBothUnknown) {
    EXPECT_EQ(proof_of(mutex_bank(false)).find("solvent")->status, ProofStatus::Unknown);
    EXPECT_EQ(proof_of(mutex_bank(false)).find("guarded")->status, ProofStatus::Unknown);
}

TEST(ProverOnIr, FactsFoundOnTheWayAreTold) {
    EXPECT_THAT(proof_of(mutex_bank(true)).facts,
                ::testing::Contains("while locked is true, balances[] cannot change and the balance cannot fall"));
}

TEST(ProverOnIr, ALoopThatNeverEndsHasNoEndAtWhichAnInvariantMustHold) {
    ir::Contract contract = bank(Order::DebitThenPay);
    FunctionBuilder f("sweep");
    f.store(0, ir::uint256_type, {f.add(Op::Caller, ir::address_type)}, f.constant(0));
    f.loop_forever();
    contract.functions.push_back(f.function());
    EXPECT_EQ(proof_of(contract).properties[0].status, ProofStatus::Safe);
}

TEST(ProverOnIr, LoopInAReadingFunctionDoesNotMatter) {
    ir::Contract contract = bank(Order::DebitThenPay);
    FunctionBuilder f("look");
    f.function().mutability = ir::Mutability::View;
    f.loop_forever();
    contract.functions.push_back(f.function());
    EXPECT_EQ(proof_of(contract).properties[0].status, ProofStatus::Safe);
}

TEST(ProverOnIr, AssumptionIsUsedAndListed) {
    ir::Contract contract = bank(Order::PayThenDebit);
    FunctionBuilder f("guess");  // withdraws nothing, for it assumes that there is nothing
    const Value sender = f.add(Op::Caller, ir::address_type);
    const Value old = f.load(0, ir::uint256_type, {sender});
    f.assume(f.add(Op::Equal, ir::bool_type, {old, f.constant(0)}));
    f.check(f.add(Op::Less, ir::bool_type, {old, f.constant(5)}));
    f.finish();
    contract.functions.push_back(f.function());
    const ProofReport report = proof_of(contract);
    ASSERT_EQ(report.properties.size(), 2u);
    EXPECT_EQ(report.properties[1].status, ProofStatus::Safe);
    EXPECT_THAT(report.assumptions, ::testing::Contains(::testing::StartsWith("the assume at ")));
}

TEST(ProverOnIr, ContradictoryAssumptionProvesNothing) {
    ir::Contract contract = bank(Order::DebitThenPay);
    FunctionBuilder f("pretend");
    f.assume(f.constant(0, ir::bool_type));
    f.store(0, ir::uint256_type, {f.add(Op::Caller, ir::address_type)}, f.constant(1000));
    f.finish();
    contract.functions.push_back(f.function());
    EXPECT_EQ(proof_of(contract).properties[0].status, ProofStatus::Unknown);
}

TEST(ProverOnIr, CheckIsProvedOnEveryPathThatLeadsThere) {
    FunctionBuilder f("f");
    const Value x = f.parameter(ir::uint256_type);
    f.guard(f.add(Op::Greater, ir::bool_type, {x, f.constant(3)}));
    f.check(f.add(Op::Greater, ir::bool_type, {x, f.constant(2)}));
    f.finish();
    ir::Contract contract = testing::empty_contract();
    contract.functions.push_back(f.function());
    EXPECT_EQ(proof_of(contract).properties.at(0).status, ProofStatus::Safe);
    EXPECT_EQ(proof_of(contract).properties.at(0).kind, PropertyKind::Check);
}

TEST(ProverOnIr, DelegatecallIsUnknownAndNamed) {
    ir::Contract contract = bank(Order::DebitThenPay);
    FunctionBuilder f("forward");
    f.call(f.add(Op::Caller, ir::address_type), f.constant(0));
    f.finish();
    f.function().blocks[0].terminator.call.kind = ir::ExternalCall::Kind::LowLevelDelegate;
    contract.functions.push_back(f.function());
    const ProofReport report = proof_of(contract);
    EXPECT_EQ(report.properties[0].status, ProofStatus::Unknown);
    EXPECT_THAT(report.properties[0].blocked_by[0].sentence, ::testing::HasSubstr("delegatecall"));
}

// 2^30 paths and a body of 100,000 instructions: both run into a limit, in time.
TEST(ProverOnIr, TooManyPathsAreUnknownAndNamed) {
    ir::Contract contract = bank(Order::DebitThenPay);
    FunctionBuilder f("maze");
    f.store(0, ir::uint256_type, {f.add(Op::Caller, ir::address_type)}, f.constant(0));
    for (int i = 0; i < 30; ++i) f.diamond(f.parameter(ir::bool_type));
    f.finish();
    contract.functions.push_back(f.function());
    const ProofReport report = proof_of(contract);
    EXPECT_EQ(report.properties[0].status, ProofStatus::Unknown);
    EXPECT_THAT(report.properties[0].blocked_by[0].sentence, ::testing::HasSubstr("more than 1024 paths"));
}

TEST(ProverOnIr, VeryLongFunctionEndsInTime) {
    ir::Contract contract = bank(Order::DebitThenPay);
    FunctionBuilder f("long");
    Value value = f.parameter(ir::uint256_type);
    for (int i = 0; i < 100'000; ++i) value = f.add(Op::Add, ir::uint256_type, {value, value}, true);
    f.store(0, ir::uint256_type, {f.add(Op::Caller, ir::address_type)}, value);
    f.finish();
    contract.functions.push_back(f.function());
    ProverOptions options;
    options.timeout_ms = 2000;
    const ProofReport report = prove(contract, lang::Sources{}, options);
    EXPECT_EQ(report.properties[0].status, ProofStatus::Unknown);
    EXPECT_LT(report.seconds, 20);
}

TEST(ProverOnIr, ContractWithoutPropertiesGivesNone) {
    ir::Contract contract = testing::empty_contract();
    EXPECT_TRUE(proof_of(contract).properties.empty());
}

TEST(ProverOnIr, SameContractAsksTheSameQuestionsEveryTime) {
    EXPECT_EQ(proof_of(bank(Order::PayThenDebit)).queries, proof_of(bank(Order::PayThenDebit)).queries);
}

}  // namespace
}  // namespace interlock::analyzer
