// SSTORE's prices and refunds, logs, transient storage, SELFDESTRUCT.
#include <gtest/gtest.h>

#include "tests/vm/program.hpp"

namespace interlock::vm::test {
namespace {

// Stores values one after the other in slot 0, as the examples of the EIPs do.
std::string stores(const std::vector<std::uint8_t>& values) {
    std::string program;
    for (const std::uint8_t value : values) program += "PUSH1 " + to_hex(Bytes{value}) + " PUSH1 0x00 SSTORE ";
    return program;
}

struct StoreRow {
    std::vector<std::uint8_t> values;
    std::uint64_t original;
    std::int64_t gas, refund;
};

void expect_rows(const std::vector<StoreRow>& rows, Fork fork) {
    for (const StoreRow& row : rows) {
        World world(stores(row.values), fork);
        world.host.set_original(contract, 0, row.original);
        const Outcome outcome = world.run();
        const std::string name = testing::PrintToString(row.values) + " over " + std::to_string(row.original);
        EXPECT_EQ(used(outcome), row.gas) << name;
        EXPECT_EQ(outcome.gas_refund.units, row.refund) << name;
    }
}

// EIP-3529's table; its figures are for a slot that is warm, ours starts cold: 2100 more.
TEST(Sstore, FollowsTheTableOfEip3529) {
    const std::int64_t cold = 2'100;
    expect_rows({{{0, 0}, 0, 212 + cold, 0},
                 {{0, 1}, 0, 20'112 + cold, 0},
                 {{1, 0}, 0, 20'112 + cold, 19'900},
                 {{1, 2}, 0, 20'112 + cold, 0},
                 {{1, 1}, 0, 20'112 + cold, 0},
                 {{0, 0}, 1, 3'012 + cold, 4'800},
                 {{0, 1}, 1, 3'012 + cold, 2'800},
                 {{0, 2}, 1, 3'012 + cold, 0},
                 {{2, 0}, 1, 3'012 + cold, 4'800},
                 {{2, 3}, 1, 3'012 + cold, 0},
                 {{2, 1}, 1, 3'012 + cold, 2'800},
                 {{2, 2}, 1, 3'012 + cold, 0},
                 {{1, 0}, 1, 3'012 + cold, 4'800},
                 {{1, 2}, 1, 3'012 + cold, 0},
                 {{1, 1}, 1, 212 + cold, 0},
                 {{1, 0, 1}, 0, 40'118 + cold, 19'900},
                 {{0, 1, 0}, 1, 5'918 + cold, 7'600}},
                Fork::Cancun);
}

TEST(Sstore, FollowsTheTableOfEip2200) {
    expect_rows({{{0, 0}, 0, 1'612, 0},
                 {{0, 1}, 0, 20'812, 0},
                 {{1, 0}, 0, 20'812, 19'200},
                 {{1, 2}, 0, 20'812, 0},
                 {{1, 1}, 0, 20'812, 0},
                 {{0, 0}, 1, 5'812, 15'000},
                 {{0, 1}, 1, 5'812, 4'200},
                 {{0, 2}, 1, 5'812, 0},
                 {{2, 0}, 1, 5'812, 15'000},
                 {{2, 3}, 1, 5'812, 0},
                 {{2, 1}, 1, 5'812, 4'200},
                 {{2, 2}, 1, 5'812, 0},
                 {{1, 0}, 1, 5'812, 15'000},
                 {{1, 2}, 1, 5'812, 0},
                 {{1, 1}, 1, 1'612, 0},
                 {{0, 1, 0}, 1, 10'818, 19'200},
                 {{1, 0, 1}, 0, 40'818, 19'200}},
                Fork::Istanbul);
}

TEST(Sstore, FollowsTheTableOfEip1283) {
    expect_rows({{{0, 0}, 0, 412, 0},
                 {{0, 1}, 0, 20'212, 0},
                 {{1, 0}, 0, 20'212, 19'800},
                 {{0, 0}, 1, 5'212, 15'000},
                 {{0, 1}, 1, 5'212, 4'800},
                 {{2, 0}, 1, 5'212, 15'000}},
                Fork::Constantinople);
}

TEST(Sstore, WasPricedByTheCurrentValueBefore) {
    for (const Fork fork : {Fork::Frontier, Fork::Byzantium, Fork::Petersburg})
        expect_rows(
            {{{0, 0}, 0, 10'012, 0}, {{1, 0}, 0, 25'012, 15'000}, {{0, 0}, 1, 10'012, 15'000}, {{2, 3}, 1, 10'012, 0}},
            fork);
}

TEST(Sstore, FailsOnTheStipendAlone) {
    const std::string program = stores({1});
    EXPECT_EQ(World(program).run(call_message(2'300 + 6)).status, Status::OutOfGas);
    World world(program);
    world.host.set_original(contract, 0, 1);
    world.host.state.warm_slots.insert({contract, {}});
    EXPECT_EQ(world.run(call_message(2'301 + 6)).status, Status::Success);
}

TEST(Sstore, IsColdOnlyOnce) {
    EXPECT_EQ(used(World("PUSH1 0x00 SLOAD PUSH1 0x00 SLOAD").run()), 3 + 2'100 + 3 + 100);
    World world("PUSH1 0x00 SLOAD " + stores({1}));
    EXPECT_EQ(used(world.run()), 3 + 2'100 + 6 + 20'000);
}

TEST(Sstore, IsUndoneWithItsFrame) {
    World world(stores({1}) + "INVALID");
    EXPECT_EQ(world.run().gas_refund, Gas{0});
    EXPECT_EQ(world.host.load(contract, 0), Word{0});
}

TEST(Refund, IsLostWithAChildThatReverts) {
    const std::string call = "PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 " + push(other) + "GAS CALL ";
    for (const std::string end : {"STOP", "INVALID"}) {
        World world(call);
        world.deploy(other, stores({0}) + end);
        world.host.set_original(other, 0, 1);
        EXPECT_EQ(world.run().gas_refund, Gas{end == "STOP" ? 4'800 : 0}) << end;
    }
}

TEST(TransientStorage, LastsBeyondTheFrameAndCostsAHundred) {
    World world("PUSH1 0x2a PUSH1 0x01 TSTORE PUSH1 0x01 TLOAD" + return_top);
    const Outcome outcome = world.run();
    EXPECT_EQ(word_of(outcome), Word{42});
    EXPECT_EQ(used(outcome), 3 + 3 + 100 + 3 + 100 + 15);
    EXPECT_EQ(world.host.load_transient(contract, 1), Word{42});
}

TEST(Logs, CarryTopicsAndDataAndPayForBoth) {
    for (unsigned topics = 0; topics <= 4; ++topics) {
        std::string program = push(Word{0xabcd}) + "PUSH1 0x00 MSTORE ";
        for (unsigned i = topics; i >= 1; --i) program += "PUSH1 " + to_hex(Bytes{static_cast<std::uint8_t>(i)}) + " ";
        World world(program + "PUSH1 0x02 PUSH1 0x1e LOG" + std::to_string(topics));
        const Outcome outcome = world.run();
        ASSERT_EQ(world.host.state.logs.size(), 1u);
        const Log& log = world.host.state.logs[0];
        EXPECT_EQ(log.address, contract);
        EXPECT_EQ(log.data, (Bytes{0xab, 0xcd}));
        ASSERT_EQ(log.topics.size(), topics);
        for (unsigned i = 0; i < topics; ++i) EXPECT_EQ(to_word(log.topics[i]), Word{i + 1});
        EXPECT_EQ(used(outcome), 12 + 3 * topics + 6 + 375 * (topics + 1) + 2 * 8);
    }
}

TEST(SelfDestruct, PaysForAColdAndForANewBeneficiary) {
    const auto price = [](const Address& beneficiary, std::uint64_t balance, Fork fork) {
        World world(push(beneficiary) + "SELFDESTRUCT", fork);
        world.host.account(contract).balance = balance;
        const Outcome outcome = world.run();
        EXPECT_EQ(world.host.state.destroyed.contains(contract), outcome.ok());
        return std::pair{used(outcome) - 3, outcome.gas_refund.units};
    };
    EXPECT_EQ(price(sender, 5, Fork::Cancun), std::pair(5'000L, 0L));
    EXPECT_EQ(price(other, 0, Fork::Cancun), std::pair(7'600L, 0L));
    EXPECT_EQ(price(other, 5, Fork::Cancun), std::pair(32'600L, 0L));
    EXPECT_EQ(price(other, 5, Fork::Berlin), std::pair(32'600L, 24'000L));
    EXPECT_EQ(price(other, 5, Fork::Byzantium), std::pair(30'000L, 24'000L));
    EXPECT_EQ(price(other, 0, Fork::TangerineWhistle), std::pair(30'000L, 24'000L));
    EXPECT_EQ(price(other, 5, Fork::Frontier), std::pair(0L, 24'000L));
}

TEST(StaticFrame, MayNotChangeTheState) {
    for (const std::string program :
         {"PUSH1 0x00 PUSH1 0x00 SSTORE", "PUSH1 0x00 PUSH1 0x00 TSTORE", "PUSH1 0x00 PUSH1 0x00 LOG0",
          "PUSH1 0x00 SELFDESTRUCT", "PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 CREATE",
          "PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 CREATE2",
          "PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x01 PUSH1 0x00 PUSH1 0x00 CALL"}) {
        Message message = call_message();
        message.kind = CallKind::StaticCall;
        message.is_static = true;
        EXPECT_EQ(World(program).run(message).status, Status::StaticViolation) << program;
    }
}

TEST(StaticFrame, MayCallWithoutValue) {
    Message message = call_message();
    message.is_static = true;
    EXPECT_TRUE(
        World("PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 CALL").run(message).ok());
}

}  // namespace
}  // namespace interlock::vm::test
