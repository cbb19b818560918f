// In memory a byte string is its length followed by its bytes; memory after them is not necessarily zero. In storage,
// up to 31 bytes lie in the slot itself, left-aligned, with twice the length in the lowest byte. Longer strings lie at
// keccak(slot), and the slot holds twice the length plus one. (Solidity documentation, "Layout of State Variables in
// Storage".)
#include "lang/codegen/byte_routines.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;

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

}  // namespace interlock::lang::codegen
