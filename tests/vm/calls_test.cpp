// Calls: what they charge, what they hand over, what comes back.
#include <gtest/gtest.h>

#include "tests/vm/program.hpp"

namespace interlock::vm::test {
namespace {

const std::string no_data = "PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 ";

std::string call(const std::string& kind, const Address& to, const std::string& gas, std::uint64_t value = 0) {
    const bool has_value = kind == "CALL" || kind == "CALLCODE";
    return no_data + (has_value ? push(Word{value}) : "") + push(to) + gas + " " + kind + " ";
}

std::string gas(std::uint64_t amount) { return push(Word{amount}); }

std::int64_t pushes(const std::string& kind) { return kind == "CALL" || kind == "CALLCODE" ? 21 : 18; }

TEST(Call, ChargesForAWarmAndForAColdAccount) {
    for (const std::string kind : {"CALL", "CALLCODE", "DELEGATECALL", "STATICCALL"}) {
        EXPECT_EQ(used(World(call(kind, sender, gas(0))).run()) - pushes(kind), 100) << kind;
        EXPECT_EQ(used(World(call(kind, other, gas(0))).run()) - pushes(kind), 2'600) << kind;
    }
}

TEST(Call, ChargesForValueAndForANewAccount) {
    World known(call("CALL", sender, gas(0), 1));
    EXPECT_EQ(used(known.run()) - 21, 100 + 9'000 - 2'300);  // the stipend comes back unused
    World fresh(call("CALL", other, gas(0), 1));
    EXPECT_EQ(used(fresh.run()) - 21, 2'600 + 9'000 + 25'000 - 2'300);
    World code(call("CALLCODE", other, gas(0), 1));
    EXPECT_EQ(used(code.run()) - 21, 2'600 + 9'000 - 2'300);
}

TEST(Call, ChargedForAnyAbsentAccountBeforeEip161) {
    EXPECT_EQ(used(World(call("CALL", other, gas(0)), Fork::TangerineWhistle).run()) - 21, 700 + 25'000);
    EXPECT_EQ(used(World(call("CALL", other, gas(0)), Fork::SpuriousDragon).run()) - 21, 700);
}

TEST(Call, FailedWhenItAskedForMoreThanThereWasBeforeEip150) {
    EXPECT_EQ(World(call("CALL", sender, gas(2'000'000)), Fork::Homestead).run().status, Status::OutOfGas);
    EXPECT_EQ(World(call("CALL", sender, gas(2'000'000)), Fork::TangerineWhistle).run().status, Status::Success);
}

TEST(Call, KeepsA64thOfTheGas) {
    World world(call("CALL", other, gas(~std::uint64_t{0})));
    world.deploy(other, "INVALID");
    const Outcome outcome = world.run();
    EXPECT_EQ(outcome.gas_left.units, (1'000'000 - 21 - 2'600) / 64);
}

TEST(Call, HandsOverWhatWasAskedFor) {
    World world(call("CALL", other, gas(5'000)));
    world.deploy(other, "INVALID");
    EXPECT_EQ(used(world.run()), 21 + 2'600 + 5'000);
}

TEST(Call, AddsTheStipendWhenItGivesValue) {
    World world("PUSH1 0x20 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x01 " + push(other) + gas(100) +
                "CALL PUSH1 0x00 MLOAD" + return_top);
    world.deploy(other, "GAS" + return_top);
    EXPECT_EQ(word_of(world.run()), Word{100 + 2'300 - 2});
}

TEST(Call, TransfersValueAndUndoesItWhenTheCalleeFails) {
    for (const auto& [code, received] : std::vector<std::pair<std::string, std::uint64_t>>{
             {"STOP", 7}, {"INVALID", 0}, {"PUSH1 0x00 PUSH1 0x00 REVERT", 0}}) {
        World world(call("CALL", other, "GAS", 7));
        world.deploy(other, code);
        EXPECT_TRUE(world.run().ok());
        EXPECT_EQ(world.host.balance(other), Word{received}) << code;
        EXPECT_EQ(world.host.balance(contract), Word{1'000 - received});
    }
}

TEST(Call, PushesZeroAndKeepsTheGasWithoutTheBalance) {
    const Outcome outcome = World(call("CALL", sender, gas(50'000), 1'001) + return_top).run();
    EXPECT_EQ(word_of(outcome), Word{0});
    EXPECT_EQ(used(outcome), 21 + 100 + 9'000 - 2'300 + 15);
}

TEST(Call, TellsWhetherItSucceeded) {
    for (const auto& [code, flag] : std::vector<std::pair<std::string, std::uint64_t>>{{"STOP", 1}, {"INVALID", 0}}) {
        World world(call("CALL", other, "GAS") + return_top);
        world.deploy(other, code);
        EXPECT_EQ(word_of(world.run()), Word{flag});
    }
}

TEST(Call, CopiesAsMuchOutputAsThereIsAndRoomFor) {
    World world(push(~Word{}) + "PUSH1 0x00 MSTORE PUSH1 0x20 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 " + push(other) +
                "GAS CALL PUSH1 0x00 MLOAD" + return_top);
    world.deploy(other, "PUSH1 0x01 PUSH1 0x00 RETURN");
    EXPECT_EQ(word_of(world.run()), ~Word{} >> 8);
}

TEST(Call, LeavesReturnDataOfARevertButNotOfAFailure) {
    for (const auto& [code, size] : std::vector<std::pair<std::string, std::uint64_t>>{
             {"PUSH1 0x05 PUSH1 0x00 REVERT", 5}, {"PUSH1 0x05 PUSH1 0x00 RETURN", 5}, {"INVALID", 0}}) {
        World world(call("CALL", other, "GAS") + "RETURNDATASIZE" + return_top);
        world.deploy(other, code);
        EXPECT_EQ(word_of(world.run()), Word{size}) << code;
    }
}

TEST(Call, PassesItsInput) {
    World world("PUSH1 0x2a PUSH1 0x00 MSTORE PUSH1 0x20 PUSH1 0x20 PUSH1 0x20 PUSH1 0x00 " + push(other) +
                "GAS STATICCALL PUSH1 0x20 MLOAD" + return_top);
    world.deploy(other, "PUSH1 0x00 CALLDATALOAD" + return_top);
    EXPECT_EQ(word_of(world.run()), Word{42});
}

TEST(Call, SaysWhoActsAndOnWhom) {
    struct Row {
        std::string kind;
        Address address, caller;
        std::uint64_t value;
    };
    for (const Row& row : std::vector<Row>{{"CALL", other, contract, 3},
                                           {"CALLCODE", contract, contract, 3},
                                           {"DELEGATECALL", contract, sender, 9},
                                           {"STATICCALL", other, contract, 0}}) {
        const auto ask = [&](const std::string& question) {
            const std::string value = row.kind == "CALL" || row.kind == "CALLCODE" ? "PUSH1 0x03 " : "";
            World world("PUSH1 0x20 PUSH1 0x00 PUSH1 0x00 PUSH1 0x00 " + value + push(other) + "GAS " + row.kind +
                        " PUSH1 0x00 MLOAD" + return_top);
            world.deploy(other, question + return_top);
            Message message = call_message();
            message.value = 9;
            return word_of(world.run(message));
        };
        EXPECT_EQ(ask("ADDRESS"), to_word(row.address)) << row.kind;
        EXPECT_EQ(ask("CALLER"), to_word(row.caller)) << row.kind;
        EXPECT_EQ(ask("CALLVALUE"), Word{row.value}) << row.kind;
    }
}

TEST(Call, WritesTheCallersStorageFromDelegatedCode) {
    World world(call("DELEGATECALL", other, "GAS"));
    world.deploy(other, "PUSH1 0x05 PUSH1 0x00 SSTORE");
    static_cast<void>(world.run());
    EXPECT_EQ(world.host.load(contract, 0), Word{5});
}

TEST(Call, HandsStaticnessDown) {
    World world(call("STATICCALL", other, "GAS") + return_top);
    world.deploy(other, call("CALL", sender, "GAS") + call("DELEGATECALL", stranger, "GAS") + return_top);
    world.deploy(stranger, "PUSH1 0x01 PUSH1 0x00 SSTORE");
    EXPECT_EQ(word_of(world.run()), Word{1});
    EXPECT_EQ(world.host.load(other, 0), Word{0});
}

TEST(Call, KeepsWarmthOnlyOfFramesThatSucceed) {
    World world(call("CALL", other, gas(10'000)) + push(stranger) + "BALANCE");
    world.deploy(other, push(stranger) + "BALANCE INVALID");
    EXPECT_EQ(used(world.run()), 21 + 2'600 + 10'000 + 3 + 2'600);
}

TEST(Call, RunsPrecompilesAtTheirPrice) {
    Address identity;
    identity.bytes.back() = 4;
    World world("PUSH1 0x2a PUSH1 0x00 MSTORE PUSH1 0x20 PUSH1 0x20 PUSH1 0x20 PUSH1 0x00 " + push(identity) + gas(10'000) +
                "STATICCALL PUSH1 0x20 MLOAD" + return_top);
    world.host.state.warm_accounts.insert(identity);
    const Outcome outcome = world.run();
    EXPECT_EQ(word_of(outcome), Word{42});
    EXPECT_EQ(used(outcome), 12 + 18 + 3 + 100 + 18 + 6 + 12);
}

TEST(Call, LosesItsGasToAPrecompileThatCannotPay) {
    Address identity;
    identity.bytes.back() = 4;
    World world("PUSH1 0x00 PUSH1 0x00 PUSH1 0x20 PUSH1 0x00 " + push(identity) + gas(17) + "STATICCALL" + return_top);
    EXPECT_EQ(word_of(world.run()), Word{0});
}

TEST(Call, ReachesDepth1024AndNoFurther) {
    // Each frame counts itself in slot 0 and calls itself with all it may give.
    World world("PUSH1 0x00 SLOAD PUSH1 0x01 ADD PUSH1 0x00 SSTORE " + call("CALL", contract, "GAS"));
    const std::int64_t plenty = std::int64_t{1} << 50;
    EXPECT_TRUE(world.run(call_message(plenty)).ok());
    EXPECT_EQ(world.host.load(contract, 0), Word{1'025});  // depths 0 to 1024
}

TEST(Delegation, RunsTheDesignatedCodeForAnAccessMore) {
    World world(call("CALL", other, "GAS"), Fork::Prague);
    world.host.account(other).code = assemble("0xef0100" + to_hex(stranger).substr(2));
    world.deploy(stranger, "PUSH1 0x05 PUSH1 0x00 SSTORE");
    const Outcome outcome = world.run();
    EXPECT_EQ(world.host.load(other, 0), Word{5});
    EXPECT_EQ(used(outcome), 18 + 2 + 2'600 + 2'600 + 6 + 22'100);
}

}  // namespace
}  // namespace interlock::vm::test
