// What the list of operations says, where optimiser, code generation and prover rely on it.
#include "lang/ir/effects.hpp"

#include <set>

#include <gtest/gtest.h>

namespace interlock::lang::ir {
namespace {

using enum vm::Opcode;

constexpr std::size_t op_count = op_table.size();

Instruction of(Op op, Type type = uint256_type) {
    Instruction instruction;
    instruction.op = op;
    instruction.type = type;
    return instruction;
}

Instruction machine(vm::Opcode opcode) {
    Instruction instruction = of(Op::Evm);
    instruction.opcode = opcode;
    return instruction;
}

TEST(IrOps, ArePrintedUnderNamesOfTheirOwn) {
    std::set<std::string_view> names;
    for (const OpInfo& op : op_table) EXPECT_TRUE(names.insert(op.text).second) << op.text;
}

TEST(IrOps, ThatStandForAnOpcodeTakeAsManyOperandsAsIt) {
    for (const OpInfo& op : op_table) {
        if (op.code.opcode == STOP) continue;
        EXPECT_EQ(op.operands.size(), vm::info(op.code.opcode).stack_in) << op.text;
        EXPECT_EQ(vm::info(op.code.opcode).stack_out, 1) << op.text;
    }
}

// A value that is made anew wherever it is needed must not have changed in between.
TEST(IrOps, ThatAreRepeatedAreTheSameThroughoutTheCall) {
    for (std::size_t n = 0; n < op_count; ++n) {
        if (op_table[n].code.kind != Code::Kind::Anywhere) continue;
        EXPECT_TRUE(is_fixed(of(Op(n)))) << op_table[n].text;
    }
}

// The prover follows writes by the storage operations, by internal calls and by opcodes: there must be no others.
TEST(IrOps, ChangeTheStateInThreeWaysOnly) {
    for (std::size_t n = 0; n < op_count; ++n) {
        if (!op_table[n].effects.writes.intersects(vm::state_regions)) continue;
        EXPECT_TRUE(op_table[n].group == Group::Storage || Op(n) == Op::InternalCall) << op_table[n].text;
    }
    EXPECT_TRUE(info(Op::Evm).effects.is_its_opcodes);
}

TEST(IrEffects, OfTheMachineAreThoseOfTheOpcode) {
    EXPECT_TRUE(writes_of(machine(SSTORE)).contains(vm::Region::Storage));
    EXPECT_TRUE(reads_of(machine(TLOAD)).contains(vm::Region::Transient));
    EXPECT_TRUE(must_happen(machine(MSTORE)));
    EXPECT_TRUE(must_happen(machine(REVERT)));
    EXPECT_FALSE(must_happen(machine(MLOAD)));
    EXPECT_TRUE(is_fixed(machine(MULMOD)));
    EXPECT_TRUE(is_fixed(machine(CALLDATALOAD)));
    EXPECT_FALSE(is_fixed(machine(SLOAD)));
    EXPECT_FALSE(is_fixed(machine(GAS)));
}

TEST(IrEffects, AnOverflowCheckMustHappenAndASumNeedNot) {
    Instruction sum = of(Op::Add);
    EXPECT_FALSE(must_happen(sum));
    sum.checked = true;
    EXPECT_TRUE(must_happen(sum));
    EXPECT_TRUE(must_happen(of(Op::Div)));
}

TEST(IrEffects, OnlyAConversionToAnEnumerationCanFail) {
    EXPECT_TRUE(can_end_call(of(Op::Convert, {TypeKind::Enum, 8, 3})));
    EXPECT_FALSE(can_end_call(of(Op::Convert, address_type)));
}

TEST(IrEffects, ACopyInFreshMemoryIsNoChangeButNotTheSameTwice) {
    EXPECT_FALSE(must_happen(of(Op::Literal, string_type)));
    EXPECT_FALSE(is_fixed(of(Op::Literal, string_type)));
}

TEST(IrEffects, WhatAViewMethodCallsCannotChangeTheState) {
    Contract contract;
    contract.methods.resize(2);
    contract.methods[1].mutability = Mutability::View;
    ExternalCall call;
    EXPECT_EQ(opcode_of(contract, call), CALL);
    call.method = 1;
    EXPECT_EQ(opcode_of(contract, call), STATICCALL);
    call.kind = ExternalCall::Kind::LowLevelDelegate;
    EXPECT_TRUE(runs_foreign_code(contract, call));
}

}  // namespace
}  // namespace interlock::lang::ir
