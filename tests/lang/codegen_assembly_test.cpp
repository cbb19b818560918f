// The assembler and its clean-up, as text and bytes.
#include "lang/codegen/assembly.hpp"

#include <gtest/gtest.h>

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
