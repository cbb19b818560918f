// Builds code from the machine's own operations, as instructions of the IR. Arrays, structs, the ABI and assembly are
// built from them.
//
// A word here is a value of type uint256, a condition one of type Bool. The code looks like the arithmetic that it emits:
//     const ir::Value end = m.add(start, m.mul(count, m.word(32)));
#pragma once

#include "lang/lower/ssa.hpp"

namespace interlock::lang::lowering {

// Solidity's panic codes that the lowering itself raises.
namespace panic {
inline constexpr std::uint8_t enum_range = 0x21, storage_encoding = 0x22, empty_pop = 0x31, index = 0x32, memory = 0x41,
                              no_function = 0x51;
}

// Addresses that solc reserves in memory.
namespace memory {
inline constexpr std::uint64_t free_pointer = 0x40, zero = 0x60;
}

class WordBuilder {
  public:
    WordBuilder(Builder& builder, SourceRange range) : builder(builder), range(range) {}

    // --- words ---
    [[nodiscard]] ir::Value word(const vm::Word& value) { return builder.constant(ir::uint256_type, value, range); }
    ir::Value add(ir::Value a, ir::Value b) { return binary(ir::Op::Add, a, b); }
    ir::Value add(ir::Value a, std::uint64_t b) { return b == 0 ? a : add(a, word(b)); }
    ir::Value sub(ir::Value a, ir::Value b) { return binary(ir::Op::Sub, a, b); }
    ir::Value mul(ir::Value a, ir::Value b) { return binary(ir::Op::Mul, a, b); }
    ir::Value mul(ir::Value a, const vm::Word& b) { return b == vm::Word{1} ? a : mul(a, word(b)); }
    ir::Value bit_and(ir::Value a, ir::Value b) { return binary(ir::Op::And, a, b); }
    ir::Value bit_or(ir::Value a, ir::Value b) { return binary(ir::Op::Or, a, b); }
    ir::Value shl(ir::Value a, ir::Value bits) { return binary(ir::Op::Shl, a, bits); }
    ir::Value shr(ir::Value a, ir::Value bits) { return binary(ir::Op::Shr, a, bits); }
    ir::Value div(ir::Value a, std::uint64_t b) { return evm(vm::Opcode::DIV, {a, word(b)}); }  // b must not be zero
    ir::Value mod(ir::Value a, std::uint64_t b) { return evm(vm::Opcode::MOD, {a, word(b)}); }
    ir::Value round_up(ir::Value bytes);  // to a multiple of 32
    ir::Value negated_mask(ir::Value mask) { return builder.op(ir::Op::Not, ir::uint256_type, {mask}, range); }

    // --- conditions ---
    ir::Value less(ir::Value a, ir::Value b) { return compare(ir::Op::Less, a, b); }
    ir::Value greater(ir::Value a, ir::Value b) { return compare(ir::Op::Greater, a, b); }
    ir::Value equal(ir::Value a, ir::Value b) { return compare(ir::Op::Equal, a, b); }
    ir::Value is_zero(ir::Value a) { return equal(a, word(0)); }
    ir::Value less_signed(ir::Value a, ir::Value b) { return truth(evm(vm::Opcode::SLT, {a, b})); }
    ir::Value negation(ir::Value condition) { return builder.op(ir::Op::Not, ir::bool_type, {condition}, range); }
    ir::Value either(ir::Value a, ir::Value b) { return builder.op(ir::Op::Or, ir::bool_type, {a, b}, range); }
    ir::Value select(ir::Value condition, ir::Value a, ir::Value b);
    ir::Value truth(ir::Value zero_or_one) { return as(zero_or_one, ir::bool_type); }
    ir::Value as(ir::Value word, const ir::Type& type);  // reinterprets the word as another type
    ir::Value raw(ir::Value value) { return as(value, ir::uint256_type); }

    // --- failures ---
    void require(ir::Value condition, ir::Failure failure = {});
    void require_or_panic(ir::Value condition, std::uint8_t code);
    void panic(std::uint8_t code);  // always fails; the code after it is unreachable

    // --- memory, storage, call data ---
    ir::Value evm(vm::Opcode opcode, ir::Values operands = {});  // has a result
    void effect(vm::Opcode opcode, ir::Values operands);         // has no result
    ir::Value mload(ir::Value address) { return evm(vm::Opcode::MLOAD, {address}); }
    void mstore(ir::Value address, ir::Value value) { effect(vm::Opcode::MSTORE, {address, value}); }
    ir::Value sload(ir::Value slot) { return evm(vm::Opcode::SLOAD, {slot}); }
    ir::Value tload(ir::Value slot) { return evm(vm::Opcode::TLOAD, {slot}); }
    void tstore(ir::Value slot, ir::Value value) { effect(vm::Opcode::TSTORE, {slot, value}); }
    void sstore(ir::Value slot, ir::Value value) { effect(vm::Opcode::SSTORE, {slot, value}); }
    ir::Value calldataload(ir::Value offset) { return evm(vm::Opcode::CALLDATALOAD, {offset}); }
    ir::Value calldatasize() { return evm(vm::Opcode::CALLDATASIZE); }
    ir::Value free_memory() { return mload(word(memory::free_pointer)); }
    void set_free_memory(ir::Value address) { mstore(word(memory::free_pointer), address); }
    ir::Value hash_of_slot(ir::Value slot);                // where a dynamic array's elements begin
    ir::Value hash_of_key(ir::Value key, ir::Value slot);  // the slot of a mapping's entry
    // Ends the call with RETURN, REVERT, STOP, INVALID or SELFDESTRUCT.
    void end(vm::Opcode opcode, ir::Values operands);

    // --- control ---
    template <class Body>
    void when(ir::Value condition, Body body) {
        if_else(condition, body, [] {});
    }
    template <class Then, class Otherwise>
    void if_else(ir::Value condition, Then then_body, Otherwise otherwise_body) {
        const ir::BlockIndex then = builder.make_block(range), otherwise = builder.make_block(range),
                             after = builder.make_block(range);
        builder.branch(condition, then, otherwise, range);
        builder.enter_sealed(then);
        then_body();
        builder.jump(after, range);
        builder.enter_sealed(otherwise);
        otherwise_body();
        builder.jump(after, range);
        builder.enter_sealed(after);
    }
    // for (i = first; i < end; ++i)
    template <class Body>
    void count(ir::Value first, ir::Value end, Body body) {
        const Local i = builder.make_local(ir::uint256_type);
        builder.write(i, first);
        loop([&] { return less(builder.read(i), end); },
             [&] {
                 body(builder.read(i));
                 builder.write(i, add(builder.read(i), 1));
             });
    }
    template <class Condition, class Body>
    void loop(Condition condition, Body body) {
        const ir::BlockIndex head = builder.make_block(range), inside = builder.make_block(range),
                             after = builder.make_block(range);
        builder.jump(head, range);
        builder.enter(head);
        builder.branch(condition(), inside, after, range);
        builder.enter_sealed(inside);
        body();
        builder.jump(head, range);
        builder.seal(head);
        builder.enter_sealed(after);
    }
    [[nodiscard]] Local variable(ir::Value initial) {
        const Local local = builder.make_local(builder.type_of(initial));
        builder.write(local, initial);
        return local;
    }

    Builder& builder;
    SourceRange range;

  private:
    ir::Value binary(ir::Op op, ir::Value a, ir::Value b) { return builder.op(op, ir::uint256_type, {a, b}, range); }
    ir::Value compare(ir::Op op, ir::Value a, ir::Value b) { return builder.op(op, ir::bool_type, {a, b}, range); }
};

}  // namespace interlock::lang::lowering
