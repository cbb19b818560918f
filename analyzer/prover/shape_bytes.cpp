// What is fixed about the byte strings that a function makes where it counts memory as solc does: the copies of answers to
// calls by bytes, and those without any bytes.
//
//     z = returndatasize()                                         p = allocate(32)
//     if z != 0: p = allocate(z rounded up + 32);                  mstore(p, 0)
//                mstore(p, z); returndatacopy(p + 32, 0, z)        data = p as bytes
#include <algorithm>

#include "analyzer/prover/flow_parts.hpp"
#include "lang/ir/walk.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

// How often the value is used in the function, and in one of its blocks.
struct UseCount {
    std::size_t all = 0, here = 0;
};
UseCount uses_of(const ir::Function& function, const ir::Block& block, ir::Value value) {
    UseCount count;
    for (const ir::Block& each : function.blocks) {
        std::size_t uses = 0;
        const auto use = [&](ir::Value one) { uses += one == value; };
        for (const ir::Instruction& instruction : each.instructions) std::ranges::for_each(instruction.operands, use);
        ir::for_each_use(each.terminator, use);
        ir::for_each_jump(each.terminator, [&](const ir::Jump& jump) { std::ranges::for_each(jump.arguments, use); });
        count.all += uses;
        if (&each == &block) count.here += uses;
    }
    return count;
}

// Returns what leads to the block, and past it, if the word is not zero.
const ir::Instruction* zero_test_before(const ir::Function& function, const Makers& made_by, const ir::Block& block,
                                        ir::Value word) {
    for (const ir::Block& each : function.blocks) {
        const ir::Terminator& fork = each.terminator;
        if (fork.kind != ir::Terminator::Kind::Branch || &function.blocks.at(fork.then.block) != &block) continue;
        const ir::Instruction* denied = made_by.at(fork.condition.index);
        const ir::Instruction* test = denied && denied->op == Op::Not ? made_by.at(denied->operands[0].index) : nullptr;
        if (!test || test->op != Op::Equal || !(test->operands[0] == word)) continue;
        const ir::Block& otherwise = function.blocks.at(fork.otherwise.block);
        const auto is_constant = [](const ir::Instruction& one) { return one.op == Op::Constant; };
        const bool leads_past = otherwise.terminator.kind == ir::Terminator::Kind::Jump &&
                                otherwise.terminator.then.block == block.terminator.then.block &&
                                std::ranges::all_of(otherwise.instructions, is_constant);
        const bool is_alone =
            uses_of(function, each, denied->result).all == 1 && uses_of(function, each, test->result).all == 1;
        if (leads_past && is_alone && constant_in(made_by, test->operands[1]) == ir::Word{}) return test;
    }
    return nullptr;
}

// Whether all that the block does with the size is to copy, to write it in front of the copy, and to take memory for both.
bool only_measures(const ir::Block& block, const ir::Instruction& copy, const ir::Instruction& allocation, ir::Value start,
                   std::set<std::uint32_t>& sizes) {
    for (const ir::Instruction& each : block.instructions) {
        if (std::ranges::none_of(each.operands, [&](ir::Value one) { return sizes.contains(one.index); })) continue;
        const bool is_length = is_evm(each, vm::Opcode::MSTORE) && each.operands[0] == start;
        if (&each == &copy || &each == &allocation || is_length) continue;
        if (each.op != Op::Add && each.op != Op::And) return false;
        sizes.insert(each.result.index);
    }
    return true;
}

}  // namespace

// Finds where the copy of an answer is all that is done with its size: whoever looks at the copy, by the address that goes on
// from there, looks at the answer, and nobody else can tell.
void Flow::Shape::find_copies(const ir::Contract& contract, const ir::Function& function) {
    for (const ir::Block& block : function.blocks) {
        const auto copies_it = [](const ir::Instruction& each) { return is_evm(each, vm::Opcode::RETURNDATACOPY); };
        if (block.terminator.kind != ir::Terminator::Kind::Jump || std::ranges::count_if(block.instructions, copies_it) != 1)
            continue;
        const ir::Instruction& copy = *std::ranges::find_if(block.instructions, copies_it);
        const ir::Instruction* size = made_by.at(copy.operands[2].index);
        const MemoryAddress to = address_in(made_by, copy.operands[0]);
        if (!size || !is_evm(*size, vm::Opcode::RETURNDATASIZE) || !to.base || to.offset != ir::Word{32}) continue;
        const ir::Instruction* allocation = allocation_of(contract, made_by, to.base);
        if (!allocation || constant_in(made_by, copy.operands[1]) != ir::Word{}) continue;
        std::set<std::uint32_t> sizes{size->result.index};
        if (!only_measures(block, copy, *allocation, to.base, sizes)) continue;
        const ir::Instruction* test = zero_test_before(function, made_by, block, size->result);
        std::size_t elsewhere = 0;
        for (const std::uint32_t each : sizes) {
            const UseCount count = uses_of(function, block, ir::Value{each});
            elsewhere += count.all - count.here;
        }
        const UseCount pointer = uses_of(function, block, to.base);
        if (!test || elsewhere != 1 || pointer.all != pointer.here) continue;
        accepted.insert({&copy, size});
        copies.insert(made_by.at(to.base.index));
    }
}

// Finds the same where assembly makes bytes of what came back, right behind the free-memory pointer, and gives them back:
//
//     result := mload(0x40)   mstore(result, returndatasize())   returndatacopy(add(result, 0x20), 0, returndatasize())
//     mstore(0x40, add(result, add(0x20, returndatasize())))
void Flow::Shape::find_given_back(const ir::Function& function) {
    if (function.blocks.size() != 1) return;
    const ir::Block& block = function.blocks.front();
    if (block.terminator.kind != ir::Terminator::Kind::Return || block.terminator.values.size() != 1) return;
    // By value: it is where the bytes lie, a size, or a sum of such.
    std::set<std::uint32_t> places, sizes, sums;
    const ir::Instruction *copy = nullptr, *made = nullptr;
    bool moves = false;
    for (const ir::Instruction& each : block.instructions) {
        const auto is_of = [&](const std::set<std::uint32_t>& all, std::size_t i) {
            return all.contains(each.operands.data()[i].index);
        };
        const bool is_start = is_free_memory_pointer(made_by, &each);
        if (is_start && made) return;
        if (is_start) made = &each;
        const bool adds = each.op == Op::Add || is_evm(each, vm::Opcode::ADD);
        if (each.op == Op::Constant) continue;
        if (is_start || (each.op == Op::Reinterpret && is_of(places, 0))) places.insert(each.result.index);
        else if (is_evm(each, vm::Opcode::RETURNDATASIZE)) sizes.insert(each.result.index);
        else if (adds) sums.insert(each.result.index);
        else if (is_evm(each, vm::Opcode::MSTORE) && is_of(places, 0) && is_of(sizes, 1)) continue;
        else if (is_evm(each, vm::Opcode::MSTORE) && is_of(sums, 1) &&
                 constant_in(made_by, each.operands[0]) == ir::Word{64})
            moves = true;
        else if (is_evm(each, vm::Opcode::RETURNDATACOPY) && !copy && is_of(sums, 0) && is_of(sizes, 2) &&
                 constant_in(made_by, each.operands[1]) == ir::Word{})
            copy = &each;
        else return;
    }
    const ir::Value back = block.terminator.values[0];
    if (!copy || !moves || !places.contains(back.index)) return;
    const MemoryAddress to = address_in(made_by, copy->operands[0]);
    if (!places.contains(to.base.index) || to.offset != ir::Word{32}) return;
    accepted.insert(copy);
    for (const std::uint32_t each : sizes) accepted.insert(made_by.at(each));
    copies.insert(made_by.at(back.index));
}

// Finds bytes of which all that is done is to make them without any.
void Flow::Shape::find_empties(const ir::Contract& contract, const ir::Function& function) {
    // `new bytes(0)`, of which nobody else has the address
    const auto is_new = [&](const ir::Block& block, ir::Value value) {
        const ir::Instruction* result = made_by.at(value.index);
        const ir::Instruction* call = result && result->op == Op::Result ? made_by.at(result->operands[0].index) : nullptr;
        return call && call->op == Op::InternalCall && contract.functions.at(call->callee).name == "new bytes" &&
               constant_in(made_by, call->operands[0]) == ir::Word{} && uses_of(function, block, value).all == 1;
    };
    for (const ir::Block& block : function.blocks) {
        const ir::Instruction* cleared = nullptr;
        for (const ir::Instruction& each : block.instructions) {
            if (each.op == Op::Reinterpret && each.type.kind == ir::TypeKind::Bytes && is_new(block, each.operands[0]))
                empties.insert(&each);
            const bool is_zero = is_evm(each, vm::Opcode::MSTORE) && constant_in(made_by, each.operands[1]) == ir::Word{};
            if (is_zero && allocation_of(contract, made_by, each.operands[0])) cleared = &each;
            const bool is_made = each.op == Op::Reinterpret && each.type.kind == ir::TypeKind::Bytes && cleared;
            if (is_made && each.operands[0] == cleared->operands[0] && uses_of(function, block, each.operands[0]).all == 2)
                empties.insert(&each);
        }
    }
}

}  // namespace interlock::analyzer::prover
