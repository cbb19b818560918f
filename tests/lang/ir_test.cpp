// The IR's printer and verifier, on a function built by hand: a bank's withdraw.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/ir/ir.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::lang::ir {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Instruction make(Op op, Type type, std::uint32_t result, Values operands = {}) {
    Instruction each;
    each.op = op;
    each.type = type;
    each.result = {result};
    each.operands = std::move(operands);
    return each;
}

// balances[msg.sender] is read, guarded, paid out by a low-level call, and set to zero.
Contract bank() {
    Contract contract;
    contract.name = "Bank";
    StorageType number, mapping;
    number.name = "uint256";
    number.value = uint256_type;
    mapping.kind = StorageType::Kind::Mapping;
    mapping.name = "mapping(address => uint256)";
    mapping.key = address_type;
    contract.storage_types = {number, mapping};
    contract.state.push_back({"balances", 1, {}, 0, false, true, {}});

    Function withdraw;
    withdraw.name = "withdraw";
    withdraw.is_entry = true;
    withdraw.selector = 0x2e1a7d4d;
    withdraw.parameters = {{"amount", uint256_type}};
    withdraw.values = 9;
    Block entry;
    entry.parameters = {{{0}, uint256_type}};
    entry.instructions.push_back(make(Op::Caller, address_type, 1));
    entry.instructions.push_back(make(Op::Load, uint256_type, 2, {{1}}));
    entry.instructions.back().place.steps = {{PlaceStep::Kind::Key, 0}};
    entry.instructions.push_back(make(Op::GreaterEqual, bool_type, 3, {{2}, {0}}));
    Instruction guard = make(Op::Guard, {}, Value::none, {{3}});
    guard.failure = {Failure::Kind::ErrorString, 0, "poor", 0};
    entry.instructions.push_back(guard);
    entry.instructions.push_back(make(Op::Literal, bytes_type, 4));
    entry.terminator.kind = Terminator::Kind::External;
    entry.terminator.call.kind = ExternalCall::Kind::LowLevel;
    entry.terminator.call.target = {1};
    entry.terminator.call.value = {0};
    entry.terminator.call.arguments = {{4}};
    entry.terminator.call.next.block = 1;
    Block after;
    after.parameters = {{{5}, bool_type}, {{6}, bytes_type}};
    after.instructions.push_back(make(Op::Sub, uint256_type, 7, {{2}, {0}}));
    after.instructions.back().checked = true;
    after.instructions.push_back(make(Op::Store, uint256_type, Value::none, {{1}, {7}}));
    after.instructions.back().place.steps = {{PlaceStep::Kind::Key, 0}};
    after.terminator.kind = Terminator::Kind::Return;
    withdraw.blocks = {entry, after};
    contract.functions = {withdraw};
    return contract;
}

TEST(IrPrint, ShowsStorageAsPathsAndExternalCallsAsTerminators) {
    const Contract contract = bank();
    EXPECT_EQ(print(contract, contract.functions[0]),
              "function withdraw(uint256 amount) entry 0x2e1a7d4d\n"
              "  b0(%0: uint256):\n"
              "    %1 = caller : address\n"
              "    %2 = load balances[%1] : uint256\n"
              "    %3 = greaterequal %2, %0 : bool\n"
              "    guard %3 else revert \"poor\"\n"
              "    %4 = literal \"\" : bytes\n"
              "    external %1.call{value: %0}(%4) -> b1\n"
              "  b1(%5: bool, %6: bytes):\n"
              "    %7 = checked sub %2, %0 : uint256\n"
              "    store balances[%1] <- %7 : uint256\n"
              "    return\n");
}

TEST(IrPrint, OpensAContractWithItsStorage) {
    EXPECT_THAT(print(bank()), HasSubstr("contract Bank\n  balances: mapping(address => uint256) at slot 0\n"));
}

TEST(IrFunction, SignatureUsesAbiNames) {
    Function function;
    function.name = "vote";
    function.parameters = {{"choice", {TypeKind::Enum, 8, 3}}, {"tag", {TypeKind::FixedBytes, 32}}, {"why", string_type}};
    EXPECT_EQ(function.signature(), "vote(uint8,bytes4,string)");
}

TEST(IrVerify, AcceptsAWellFormedContract) { EXPECT_THAT(verify(bank()), IsEmpty()); }

TEST(IrVerify, RefusesAValueUsedBeforeItsDefinition) {
    Contract contract = bank();
    std::swap(contract.functions[0].blocks[0].instructions[0], contract.functions[0].blocks[0].instructions[1]);
    EXPECT_THAT(verify(contract), ElementsAre("Bank.withdraw b0: %1 does not dominate its use"));
}

TEST(IrVerify, RefusesAValueDefinedTwice) {
    Contract contract = bank();
    contract.functions[0].blocks[0].instructions[4].result = {3};
    EXPECT_THAT(verify(contract), Contains(HasSubstr("%3 is defined twice")));
}

TEST(IrVerify, RefusesAKeyOfTheWrongType) {
    Contract contract = bank();
    contract.functions[0].blocks[0].instructions[1].operands = {{0}};
    EXPECT_THAT(verify(contract), ElementsAre("Bank.withdraw b0: a key of the wrong type"));
}

TEST(IrVerify, RefusesResultsThatTheNextBlockDoesNotTake) {
    Contract contract = bank();
    contract.functions[0].blocks[1].parameters.pop_back();
    EXPECT_THAT(verify(contract), ElementsAre("Bank.withdraw b0: b1 takes 1 values, not 2"));
}

TEST(IrVerify, RefusesAnUnreachableBlock) {
    Contract contract = bank();
    contract.functions[0].blocks.emplace_back();
    EXPECT_THAT(verify(contract), ElementsAre("Bank.withdraw b2: is unreachable"));
}

TEST(IrVerify, RefusesAJumpBackToTheEntry) {
    Contract contract = bank();
    contract.functions[0].blocks[1].terminator.kind = Terminator::Kind::Jump;
    EXPECT_THAT(verify(contract), ElementsAre("Bank.withdraw b1: jumps to the entry"));
}

TEST(IrWalk, ReversePostorderPutsDominatorsFirst) {
    std::vector<Block> blocks(4);  // 0 -> 3, 2; 3 -> 1; 2 -> 1
    blocks[0].terminator.kind = Terminator::Kind::Branch;
    blocks[0].terminator.then.block = 3;
    blocks[0].terminator.otherwise.block = 2;
    for (const BlockIndex each : {2, 3}) {
        blocks[each].terminator.kind = Terminator::Kind::Jump;
        blocks[each].terminator.then.block = 1;
    }
    blocks[1].terminator.kind = Terminator::Kind::Return;
    EXPECT_THAT(reverse_postorder(blocks), ElementsAre(0, 3, 2, 1));
}

}  // namespace
}  // namespace interlock::lang::ir
