// In memory a byte string is its length followed by its bytes; memory after them is not necessarily zero. In storage,
// up to 31 bytes lie in the slot itself, left-aligned, with twice the length in the lowest byte. Longer strings lie at
// keccak(slot), and the slot holds twice the length plus one. (Solidity documentation, "Layout of State Variables in
// Storage".)
#include "lang/codegen/byte_routines.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;

namespace {

// Pushes keccak(slot), where the bytes of a long string start.
Entry long_bytes_start(Emitter& e, Entry slot) {
    e.copy(slot).push(0).op(MSTORE);
    return e.push(32).push(0).op(KECCAK256).name_top();
}

// Keeps the first `length` (at most 32) bytes of the word on top.
void keep_first(Emitter& e, Entry length) { e.push(0).op(NOT).copy(length).push(3).op(SHL).op(SHR).op(NOT).op(AND); }

}  // namespace

void end_routine(Emitter& e, std::vector<Entry> results) {
    results.push_back(return_entry);
    e.shuffle(results);
    e.op(JUMP);
}

void pack_bytes(Emitter& e) {
    const auto [target, bytes] = begin_routine<2>(e);
    const Entry length = e.copy(bytes).op(MLOAD).name_top();
    e.copy(length).copy(bytes).push(32).op(ADD).copy(target).op(MCOPY);
    const Entry end = e.copy(target).copy(length).op(ADD).name_top();
    end_routine(e, {end});
}

void copy_calldata(Emitter& e) {
    begin_routine<0>(e);
    const Entry length = e.op(CALLDATASIZE).name_top();
    const Entry bytes = allocate_bytes(e, length);
    e.copy(length).push(0).copy(bytes).push(32).op(ADD).op(CALLDATACOPY);
    end_routine(e, {bytes});
}

void copy_calldata_slice(Emitter& e) {
    const auto [start, length] = begin_routine<2>(e);
    const Entry bytes = allocate_bytes(e, length);
    e.copy(length).copy(start).copy(bytes).push(32).op(ADD).op(CALLDATACOPY);
    e.push(0).copy(bytes).copy(length).op(ADD).push(32).op(ADD).op(MSTORE);
    end_routine(e, {bytes});
}

void copy_return_data(Emitter& e) {
    begin_routine<0>(e);
    const Label some = e.assembly().new_label();
    const Entry length = e.op(RETURNDATASIZE).name_top();
    e.copy(length).jump_if(some);
    const std::vector<Entry> before = e.stack;
    const Entry empty = e.push(memory::zero).name_top();
    end_routine(e, {empty});
    e.stack = before;
    e.mark(some);
    const Entry bytes = allocate_bytes(e, length);
    e.copy(length).push(0).copy(bytes).push(32).op(ADD).op(RETURNDATACOPY);
    end_routine(e, {bytes});
}

void load_storage_bytes(Emitter& e, Routines& routines) {
    const auto [slot] = begin_routine<1>(e);
    Assembly& assembly = e.assembly();
    const Label has_length = assembly.new_label(), is_long_label = assembly.new_label(), loop = assembly.new_label(),
                copied = assembly.new_label();
    const Entry head = e.copy(slot).op(SLOAD).name_top();
    const Entry is_long = e.copy(head).push(1).op(AND).name_top();
    e.copy(head).push(1).op(SHR).copy(is_long).jump_if(has_length);
    e.push(0x7f).op(AND);
    e.mark(has_length);
    const Entry length = e.name_top();
    e.push(32).copy(length).op(LT).copy(is_long).op(EQ).jump_if(routines.panic(panic::storage_encoding));
    const Entry bytes = allocate_bytes(e, length);
    e.copy(is_long).jump_if(is_long_label);
    const std::vector<Entry> before = e.stack;
    e.copy(head).push(0xff).op(NOT).op(AND).copy(bytes).push(32).op(ADD).op(MSTORE);
    end_routine(e, {bytes});

    e.stack = before;
    e.mark(is_long_label);
    const Entry start = long_bytes_start(e, slot);
    const Entry i = e.push(0).name_top();
    e.mark(loop);
    e.copy(length).copy(i).op(LT).op(ISZERO).jump_if(copied);
    e.copy(i).push(5).op(SHR).copy(start).op(ADD).op(SLOAD);
    e.copy(i).copy(bytes).op(ADD).push(32).op(ADD).op(MSTORE);
    e.copy(i).push(32).op(ADD).assign(i);
    e.jump(loop);
    e.mark(copied);
    end_routine(e, {bytes});
}

void store_storage_bytes(Emitter& e, Routines& routines) {
    const auto [slot, bytes] = begin_routine<2>(e);
    Assembly& assembly = e.assembly();
    const Label clear = assembly.new_label(), cleared = assembly.new_label(), is_long = assembly.new_label(),
                loop = assembly.new_label(), copied = assembly.new_label(), whole = assembly.new_label();
    const Entry length = e.copy(bytes).op(MLOAD).name_top();
    const Entry start = long_bytes_start(e, slot);

    // Slots that only the old string used become zero.
    const Entry head = e.copy(slot).op(SLOAD).name_top();
    const Entry was_long = e.copy(head).push(1).op(AND).name_top();
    e.copy(was_long).push(0).op(SUB).push(0x7f).op(OR);  // all bits of a long string's length, seven of a short one's
    const Entry old_length = e.copy(head).push(1).op(SHR).op(AND).name_top();
    e.push(32).copy(old_length).op(LT).copy(was_long).op(EQ).jump_if(routines.panic(panic::storage_encoding));
    e.copy(old_length).push(31).op(ADD).push(5).op(SHR);
    const Entry old_slots = e.copy(was_long).op(MUL).name_top();
    e.copy(length).push(31).op(ADD).push(5).op(SHR);
    const Entry new_slots = e.push(31).copy(length).op(GT).op(MUL).name_top();
    const Entry i = e.copy(new_slots).name_top();
    e.mark(clear);
    e.copy(old_slots).copy(i).op(LT).op(ISZERO).jump_if(cleared);
    e.push(0).copy(start).copy(i).op(ADD).op(SSTORE);
    e.copy(i).push(1).op(ADD).assign(i);
    e.jump(clear);
    e.mark(cleared);

    e.copy(new_slots).jump_if(is_long);
    const std::vector<Entry> before = e.stack;
    e.copy(bytes).push(32).op(ADD).op(MLOAD);
    keep_first(e, length);
    e.copy(length).push(1).op(SHL).op(OR).copy(slot).op(SSTORE);
    end_routine(e, {});

    e.stack = before;
    e.mark(is_long);
    e.push(0).assign(i);
    e.mark(loop);
    e.copy(length).push(5).op(SHR).copy(i).op(LT).op(ISZERO).jump_if(copied);
    e.copy(i).push(5).op(SHL).copy(bytes).op(ADD).push(32).op(ADD).op(MLOAD).copy(start).copy(i).op(ADD).op(SSTORE);
    e.copy(i).push(1).op(ADD).assign(i);
    e.jump(loop);
    e.mark(copied);
    const Entry rest = e.copy(length).push(31).op(AND).name_top();
    e.copy(rest).op(ISZERO).jump_if(whole);
    e.copy(i).push(5).op(SHL).copy(bytes).op(ADD).push(32).op(ADD).op(MLOAD);
    keep_first(e, rest);
    e.copy(start).copy(i).op(ADD).op(SSTORE);
    e.mark(whole);
    e.copy(length).push(1).op(SHL).push(1).op(OR).copy(slot).op(SSTORE);
    end_routine(e, {});
}

}  // namespace interlock::lang::codegen
