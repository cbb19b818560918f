// The assembler and its clean-up, as text and bytes.
#include "lang/codegen/assembly.hpp"

#include <gtest/gtest.h>

#include "lang/codegen/free_pointer.hpp"
#include "lang/codegen/move_failures.hpp"
#include "lang/codegen/peephole.hpp"
#include "lang/output/listing.hpp"

namespace interlock::lang::codegen {
namespace {

using enum Opcode;

std::string hex(const Assembly& assembly) { return vm::to_hex(vm::ByteView(assemble(assembly).code)); }

std::string cleaned(Assembly assembly) {
    clean_up(assembly);
    return print(assembly);
}

TEST(Assembler, a_push_takes_as_few_bytes_as_its_word_needs) {
    Assembly assembly;
    assembly.push(0);
    assembly.push(0xff);
    assembly.push(0x100);
    EXPECT_EQ(hex(assembly), "0x5f60ff610100");
}

TEST(Assembler, a_label_may_be_pushed_before_it_is_marked) {
    Assembly assembly;
    const Label end = assembly.new_label();
    assembly.push_label(end);
    assembly.op(JUMP);
    assembly.mark(end);
    EXPECT_EQ(hex(assembly), "0x6003565b");
}

TEST(Assembler, a_push_of_a_far_label_grows_to_two_bytes) {
    Assembly assembly;
    const Label end = assembly.new_label();
    assembly.push_label(end);
    for (int i = 0; i < 300; ++i) assembly.op(STOP);
    assembly.mark(end);
    EXPECT_EQ(hex(assembly).substr(0, 8), "0x61012f");
}

TEST(Assembler, data_lies_behind_a_fence_and_is_kept_once) {
    Assembly assembly;
    const auto first = assembly.add_data({1, 2, 3});
    EXPECT_EQ(assembly.add_data({1, 2, 3}), first);
    assembly.push_data(first);
    assembly.push_size();
    EXPECT_EQ(hex(assembly), "0x60056008fe010203");
}

TEST(Assembler, immutables_are_holes_whose_places_are_reported) {
    Assembly assembly;
    assembly.op(STOP);
    assembly.push_immutable(3);
    const Assembled result = assemble(assembly);
    ASSERT_EQ(result.immutables.size(), 1u);
    EXPECT_EQ(result.immutables[0].index, 3u);
    EXPECT_EQ(result.immutables[0].offset, 2u);
    EXPECT_EQ(result.code.size(), 34u);
}

TEST(Assembler, the_source_map_has_one_entry_for_each_run_of_one_range) {
    Assembly assembly;
    assembly.set_range({1, 2});
    assembly.push(5);
    assembly.op(POP);
    assembly.set_range({3, 4});
    assembly.op(STOP);
    const Assembled result = assemble(assembly);
    ASSERT_EQ(result.source_map.size(), 2u);
    EXPECT_EQ(result.source_map[1].pc, 3u);
    EXPECT_EQ(result.source_map[1].range, (SourceRange{3, 4}));
}

TEST(Peephole, a_swap_before_an_operation_that_can_be_mirrored_is_dropped) {
    Assembly assembly;
    for (const Opcode op : {SWAP1, ADD, SWAP1, LT}) assembly.op(op);
    EXPECT_EQ(cleaned(assembly), "  ADD\n  GT\n");
}

TEST(Peephole, a_double_negation_before_a_conditional_jump_is_dropped) {
    Assembly assembly;
    const Label label = assembly.new_label();
    assembly.op(CALLER);
    assembly.op(ISZERO);
    assembly.op(ISZERO);
    assembly.push_label(label);
    assembly.op(JUMPI);
    assembly.op(STOP);
    assembly.mark(label);
    EXPECT_EQ(cleaned(assembly), "  CALLER\n  PUSH L0\n  JUMPI\n  STOP\nL0:\n");
}

TEST(Peephole, a_double_negation_of_a_number_is_kept_where_its_value_is_used) {
    Assembly assembly;
    for (const Opcode op : {CALLER, ISZERO, ISZERO, PUSH0, MSTORE}) assembly.op(op);
    EXPECT_EQ(cleaned(assembly), "  CALLER\n  ISZERO\n  ISZERO\n  PUSH0\n  MSTORE\n");
}

// An operation of CALLER and a constant, where the operand on top is the caller.
Assembly with_constant(std::uint64_t constant, const std::vector<Opcode>& ops) {
    Assembly assembly;
    assembly.op(CALLER);
    assembly.push(constant);
    for (const Opcode op : ops) assembly.op(op);
    return assembly;
}

TEST(Peephole, divisions_and_products_by_powers_of_two_are_shifts_and_masks) {
    EXPECT_EQ(cleaned(with_constant(8, {SWAP1, DIV})), "  CALLER\n  PUSH 0x3\n  SHR\n");
    EXPECT_EQ(cleaned(with_constant(8, {DUP2, DIV})), "  CALLER\n  DUP1\n  PUSH 0x3\n  SHR\n");
    EXPECT_EQ(cleaned(with_constant(8, {SWAP1, MOD})), "  CALLER\n  PUSH 0x7\n  AND\n");
    EXPECT_EQ(cleaned(with_constant(8, {MUL})), "  CALLER\n  PUSH 0x3\n  SHL\n");
    EXPECT_EQ(cleaned(with_constant(8, {DIV})), "  CALLER\n  PUSH 0x8\n  DIV\n");
    EXPECT_EQ(cleaned(with_constant(8, {DUP1, DIV})), "  CALLER\n  PUSH 0x8\n  DUP1\n  DIV\n");
    EXPECT_EQ(cleaned(with_constant(6, {SWAP1, DIV})), "  CALLER\n  PUSH 0x6\n  SWAP1\n  DIV\n");
}

TEST(Peephole, comparisons_with_zero_are_negations_or_nothing) {
    EXPECT_EQ(cleaned(with_constant(0, {EQ})), "  CALLER\n  ISZERO\n");
    EXPECT_EQ(cleaned(with_constant(0, {DUP2, EQ})), "  CALLER\n  DUP1\n  ISZERO\n");
    EXPECT_EQ(cleaned(with_constant(0, {LT, ISZERO})), "  CALLER\n  ISZERO\n");
    EXPECT_EQ(cleaned(with_constant(1, {SWAP1, LT})), "  CALLER\n  ISZERO\n");
    EXPECT_EQ(cleaned(with_constant(0, {LT})), "  CALLER\n  PUSH 0x0\n  LT\n");
    Assembly branch = with_constant(0, {LT});
    const Label label = branch.new_label();
    branch.push_label(label);
    for (const Opcode op : {JUMPI, STOP}) branch.op(op);
    branch.mark(label);
    EXPECT_EQ(cleaned(branch), "  CALLER\n  PUSH L0\n  JUMPI\n  STOP\nL0:\n");
}

TEST(Peephole, inequality_decides_a_branch_as_a_difference) {
    Assembly assembly;
    const Label label = assembly.new_label();
    for (const Opcode op : {CALLER, ORIGIN, EQ, ISZERO}) assembly.op(op);
    assembly.push_label(label);
    for (const Opcode op : {JUMPI, STOP}) assembly.op(op);
    assembly.mark(label);
    EXPECT_EQ(cleaned(assembly), "  CALLER\n  ORIGIN\n  XOR\n  PUSH L0\n  JUMPI\n  STOP\nL0:\n");
}

TEST(Failures, are_moved_away_where_going_around_them_takes_a_negation) {
    const auto moved = [](const std::vector<Opcode>& condition, Opcode end) {
        Assembly assembly;
        const Label on = assembly.new_label();
        for (const Opcode op : condition) assembly.op(op);
        assembly.push_label(on);
        for (const Opcode op : {JUMPI, CALLER, ORIGIN, end}) assembly.op(op);
        assembly.mark(on);
        assembly.op(STOP);
        return move_failures(assembly) ? cleaned(assembly) : "not moved";
    };
    EXPECT_EQ(moved({CALLVALUE, ISZERO}, REVERT),
              "  CALLVALUE\n  PUSH L1\n  JUMPI\n  STOP\nL1:\n  CALLER\n  ORIGIN\n  REVERT\n");
    EXPECT_EQ(moved({CALLVALUE, GAS, XOR}, REVERT),
              "  CALLVALUE\n  GAS\n  EQ\n  PUSH L1\n  JUMPI\n  STOP\nL1:\n  CALLER\n  ORIGIN\n  REVERT\n");
    EXPECT_EQ(moved({CALLVALUE}, REVERT), "not moved");
    EXPECT_EQ(moved({CALLVALUE, ISZERO}, RETURN), "not moved");
}

// Two entries, of which the first hashes some memory and the second nothing.
std::string with_pointer(std::uint64_t address, std::uint64_t bytes, std::uint64_t runs = 200) {
    Assembly assembly;
    const Label first = assembly.new_label(), second = assembly.new_label();
    assembly.op(CALLER);
    assembly.push_label(first);
    assembly.op(JUMPI);
    assembly.mark(second);
    assembly.op(STOP);
    assembly.mark(first);
    assembly.push(bytes);
    assembly.push(address);
    for (const Opcode op : {KECCAK256, STOP}) assembly.op(op);
    set_free_pointer(assembly, {first, second}, 0x80, {.runs = runs});
    return print(assembly);
}

TEST(FreePointer, is_set_only_where_it_can_be_read) {
    const std::string set = "  PUSH 0x80\n  PUSH 0x40\n  MSTORE\n", behind_entry = "L0:\n" + set;
    for (const std::uint64_t address : {0x40, 0x20, 0x5f})
        EXPECT_NE(with_pointer(address, 0x21).find(behind_entry), std::string::npos) << address;
    EXPECT_EQ(with_pointer(0, 0x40).find("MSTORE"), std::string::npos);
    EXPECT_EQ(with_pointer(0x60, 0x40).find("MSTORE"), std::string::npos);
    EXPECT_EQ(with_pointer(0x40, 0).find("MSTORE"), std::string::npos);
    EXPECT_EQ(with_pointer(0x40, 0x20).find("  PUSH 0x80"), with_pointer(0x40, 0x20).rfind("  PUSH 0x80"));
}

TEST(Peephole, constants_are_folded) {
    Assembly assembly;
    assembly.push(1);
    assembly.push(8);
    assembly.op(SHL);
    assembly.push(1);
    assembly.op(SWAP1);
    assembly.op(SUB);
    EXPECT_EQ(cleaned(assembly), "  PUSH 0xff\n");
}

TEST(Peephole, a_constant_that_is_longer_than_the_shift_that_makes_it_is_left_a_shift) {
    Assembly assembly;
    assembly.push(0x08c379a0);
    assembly.push(224);
    assembly.op(SHL);
    EXPECT_EQ(cleaned(assembly), "  PUSH 0x8c379a0\n  PUSH 0xe0\n  SHL\n");
}

TEST(Peephole, what_is_pushed_and_popped_disappears) {
    Assembly assembly;
    assembly.op(DUP3);
    assembly.op(CALLER);
    assembly.op(POP);
    assembly.op(POP);
    EXPECT_EQ(cleaned(assembly), "");
}

TEST(Peephole, code_behind_a_jump_and_jumps_to_the_next_instruction_are_dropped) {
    Assembly assembly;
    const Label label = assembly.new_label();
    assembly.push_label(label);
    assembly.op(JUMP);
    assembly.op(CALLER);
    assembly.mark(label);
    assembly.op(STOP);
    EXPECT_EQ(cleaned(assembly), "  STOP\n");
}

TEST(Peephole, a_jump_to_a_jump_goes_to_its_end) {
    Assembly assembly;
    const Label first = assembly.new_label(), second = assembly.new_label();
    assembly.op(CALLER);
    assembly.push_label(first);
    assembly.op(JUMPI);
    assembly.op(STOP);
    assembly.mark(first);
    assembly.push_label(second);
    assembly.op(JUMP);
    assembly.mark(second);
    assembly.op(CALLER);
    EXPECT_EQ(cleaned(assembly), "  CALLER\n  PUSH L1\n  JUMPI\n  STOP\nL1:\n  CALLER\n");
}

TEST(Peephole, a_branch_around_a_jump_is_turned_round) {
    Assembly assembly;
    const Label skip = assembly.new_label(), away = assembly.new_label();
    assembly.mark(away);
    assembly.op(CALLER);
    assembly.push_label(skip);
    assembly.op(JUMPI);
    assembly.push_label(away);
    assembly.op(JUMP);
    assembly.mark(skip);
    assembly.op(STOP);
    EXPECT_EQ(cleaned(assembly), "L1:\n  CALLER\n  ISZERO\n  PUSH L1\n  JUMPI\n  STOP\n");
}

TEST(Peephole, endless_loops_of_two_jumps_end_the_clean_up) {
    Assembly assembly;
    const Label first = assembly.new_label(), second = assembly.new_label();
    assembly.mark(first);
    assembly.push_label(second);
    assembly.op(JUMP);
    assembly.mark(second);
    assembly.push_label(first);
    assembly.op(JUMP);
    EXPECT_NE(cleaned(assembly), "");
}

// while (CALLDATASIZE > GAS) SSTORE; STOP
Assembly loop_that_tests_first(bool is_known) {
    Assembly assembly;
    const Label head = assembly.new_label(), end = assembly.new_label();
    assembly.mark(head);
    if (is_known) assembly.loops.push_back(head.index);
    for (const Opcode op : {GAS, CALLDATASIZE, GT, ISZERO}) assembly.op(op);
    assembly.push_label(end);
    for (const Opcode op : {JUMPI, SSTORE}) assembly.op(op);
    assembly.push_label(head);
    assembly.op(JUMP);
    assembly.mark(end);
    assembly.op(STOP);
    return assembly;
}

TEST(Loops, are_entered_by_one_condition_and_repeated_by_another_that_jumps_back) {
    EXPECT_EQ(cleaned(loop_that_tests_first(true)),
              "  GAS\n  CALLDATASIZE\n  GT\n  ISZERO\n  PUSH L1\n  JUMPI\n"
              "L2:\n  SSTORE\n"
              "  GAS\n  CALLDATASIZE\n  GT\n  PUSH L2\n  JUMPI\n"
              "L1:\n  STOP\n");
}

TEST(Loops, are_left_alone_where_only_a_jump_looks_like_one) {
    const std::string code = cleaned(loop_that_tests_first(false));
    EXPECT_EQ(code.find("CALLDATASIZE"), code.rfind("CALLDATASIZE"));
}

TEST(Listing, shows_one_instruction_a_line_with_labels_and_data) {
    Assembly assembly;
    const Label end = assembly.new_label();
    assembly.push(0x80);
    assembly.push_label(end);
    assembly.op(JUMP);
    assembly.mark(end);
    assembly.push_data(assembly.add_data({0xab}));
    EXPECT_EQ(list_instructions(vm::ByteView(assemble(assembly).code)),
              "0x0000    PUSH1 0x80\n"
              "0x0002    PUSH1 0x05  L5\n"
              "0x0004    JUMP\n"
              "0x0005  L5:\n"
              "0x0006    PUSH1 0x09\n"
              "0x0008    INVALID\n"
              "0x0009    data 0xab\n");
}

}  // namespace
}  // namespace interlock::lang::codegen
