#include "analyzer/prover/memory_words.hpp"

#include <algorithm>

#include "lang/ir/effects.hpp"
#include "vm/word.hpp"

namespace interlock::analyzer::prover {

using ir::Op;

namespace {

constexpr unsigned word_bytes = 32, address_bytes = 20, selector_bytes = 4;
constexpr std::uint64_t free_memory_slot = 64, scratch_and_slots = 128;

bool is_bytes(const ir::Type& type) { return type.kind == ir::TypeKind::Bytes || type.kind == ir::TypeKind::String; }

// Whether it leaves memory as it is, of which it may use none either.
bool only_computes(const ir::Instruction& each) {
    switch (each.op) {
        case Op::Constant:
        case Op::Caller:
        case Op::This:
        case Op::GasLeft:
        case Op::Add:
        case Op::Sub:
        case Op::And:
        case Op::Or:
        case Op::Xor:
        case Op::Not:
        case Op::Shl:
        case Op::Shr:
        case Op::Equal:
        case Op::NotEqual:
        case Op::LoadImmutable:
        case Op::Reinterpret: return true;
        case Op::Evm: return !ir::writes_of(each).intersects(vm::Regions(vm::Region::Memory));
        default: return false;
    }
}

// What is left of a sum if constants are taken away from it.
bool is_sum(const ir::Instruction* made) { return made && (made->op == Op::Add || is_evm(*made, vm::Opcode::ADD)); }

bool is_rounding(const Makers& made_by, const ir::Instruction* made) {
    const ir::Word down = ~ir::Word{word_bytes - 1};
    const auto rounds = [&](ir::Value each) { return constant_in(made_by, each) == down; };
    return made && (made->op == Op::And || is_evm(*made, vm::Opcode::AND)) && std::ranges::any_of(made->operands, rounds);
}

std::vector<ir::Type> types_in(const ir::Function& function) {
    std::vector<ir::Type> types(function.values);
    for (const ir::Block& block : function.blocks) {
        for (const ir::Parameter& each : block.parameters) types.at(each.value.index) = each.type;
        for (const ir::Instruction& each : block.instructions)
            if (each.result) types.at(each.result.index) = each.type;
    }
    return types;
}

// Whether the value is the pointer, or where bytes lie, to which something may have been added.
bool begins_at_free_memory(const Makers& made_by, const std::vector<ir::Type>& types, ir::Value value, int depth = 0) {
    constexpr int most = 16;
    const ir::Instruction* made = made_by.at(value.index);
    if (is_free_memory_pointer(made_by, made)) return true;
    if (!made || depth == most) return false;
    const auto begins = [&](ir::Value each) { return begins_at_free_memory(made_by, types, each, depth + 1); };
    if (made->op == Op::Select) return begins(made->operands[1]) && begins(made->operands[2]);
    if (made->op == Op::Reinterpret) return is_bytes(types.at(made->operands[0].index)) || begins(made->operands[0]);
    return (is_sum(made) || is_rounding(made_by, made)) && std::ranges::any_of(made->operands, begins);
}

}  // namespace

bool is_free_memory_pointer(const Makers& made_by, const ir::Instruction* made) {
    return made && is_evm(*made, vm::Opcode::MLOAD) && constant_in(made_by, made->operands[0]) == ir::Word{free_memory_slot};
}

Makers makers_of(const ir::Function& function) {
    Makers made_by(function.values);
    for (const ir::Block& block : function.blocks)
        for (const ir::Instruction& each : block.instructions)
            if (each.result) made_by.at(each.result.index) = &each;
    return made_by;
}

std::optional<Cut> cut_in(const Makers& made_by, const ir::Instruction& made) {
    if (made.op != Op::And && !is_evm(made, vm::Opcode::AND)) return std::nullopt;
    for (const std::size_t side : {0u, 1u}) {
        const auto mask = constant_in(made_by, made.operands[side]);
        if (mask && (*mask & (*mask + ir::Word{1})).is_zero()) return Cut{made.operands[1 - side], vm::bit_length(*mask)};
    }
    return std::nullopt;
}

std::optional<ir::Word> constant_in(const Makers& made_by, ir::Value value) {
    const ir::Instruction* made = made_by.at(value.index);
    bool is_denied = false;
    while (made && (made->op == Op::Reinterpret || is_evm(*made, vm::Opcode::NOT))) {
        is_denied ^= made->op != Op::Reinterpret;
        made = made_by.at(made->operands[0].index);
    }
    if (!made || made->op != Op::Constant) return std::nullopt;
    return is_denied ? ~made->word : made->word;
}

MemoryAddress address_in(const Makers& made_by, ir::Value value) {
    MemoryAddress address{value, {}};
    for (;;) {
        if (const auto constant = constant_in(made_by, address.base)) return {{}, address.offset + *constant};
        const ir::Instruction* made = made_by.at(address.base.index);
        if (!is_sum(made)) return address;
        const auto left = constant_in(made_by, made->operands[0]), right = constant_in(made_by, made->operands[1]);
        if (!left && !right) return address;
        address = {made->operands[left ? 1 : 0], address.offset + (left ? *left : *right)};
    }
}

bool is_in_free_memory(const Makers& made_by, ir::Value address) {
    const MemoryAddress at = address_in(made_by, address);
    return at.base && at.offset.fits_u64() && is_free_memory_pointer(made_by, made_by.at(at.base.index));
}

bool keeps_free_memory(const ir::Contract& contract) {
    for (const ir::Function& function : contract.functions) {
        const Makers made_by = makers_of(function);
        const std::vector<ir::Type> types = types_in(function);
        for (const ir::Block& block : function.blocks)
            for (const ir::Instruction& each : block.instructions) {
                const bool moves =
                    is_evm(each, vm::Opcode::MSTORE) && constant_in(made_by, each.operands[0]) == ir::Word{free_memory_slot};
                if (moves && !begins_at_free_memory(made_by, types, each.operands[1])) return false;
                const bool names =
                    each.op == Op::Reinterpret && is_bytes(each.type) && !is_bytes(types.at(each.operands[0].index));
                if (names && !is_in_free_memory(made_by, each.operands[0]) &&
                    !allocation_of(contract, made_by, each.operands[0]))
                    return false;
            }
    }
    return true;
}

bool only_allocates(const ir::Function& function) {
    if (function.blocks.size() != 1) return false;
    const ir::Block& block = function.blocks.front();
    const Makers made_by = makers_of(function);
    const std::vector<ir::Type> types = types_in(function);
    for (const ir::Instruction& each : block.instructions) {
        const bool moves = is_evm(each, vm::Opcode::MSTORE) &&
                           constant_in(made_by, each.operands[0]) == ir::Word{free_memory_slot} &&
                           begins_at_free_memory(made_by, types, each.operands[1]);
        const bool compares = each.op == Op::Less || each.op == Op::Greater || each.op == Op::Guard;
        const bool computes = each.op != Op::Evm && only_computes(each);
        if (!moves && !compares && !computes && !is_free_memory_pointer(made_by, &each)) return false;
    }
    const ir::Terminator& end = block.terminator;
    return end.kind == ir::Terminator::Kind::Return && end.values.size() == 1 &&
           is_free_memory_pointer(made_by, made_by.at(end.values[0].index));
}

const ir::Instruction* allocation_of(const ir::Contract& contract, const Makers& made_by, ir::Value value) {
    const ir::Instruction* result = made_by.at(value.index);
    if (!result || result->op != Op::Result || result->number != 0) return nullptr;
    const ir::Instruction* call = made_by.at(result->operands[0].index);
    const bool is_call = call && call->op == Op::InternalCall && call->operands.size() == 1;
    return is_call && only_allocates(contract.functions.at(call->callee)) ? call : nullptr;
}

void MemoryWords::pass(const ir::Instruction& instruction) {
    if (!is_evm(instruction, vm::Opcode::MSTORE)) {
        if (!only_computes(instruction)) writes_.clear();
        return;
    }
    const MemoryAddress to = address_in(made_by_, instruction.operands[0]);
    // Of two addresses that begin elsewhere nothing is known, but that free memory is behind what has a constant address.
    const auto is_low = [](const MemoryAddress& each) {
        return !each.base && each.offset <= ir::Word{scratch_and_slots - word_bytes};
    };
    const auto is_free = [&](const MemoryAddress& each) {
        return each.base && each.offset.fits_u64() && is_free_memory_pointer(made_by_, made_by_.at(each.base.index));
    };
    std::erase_if(writes_, [&](const Write& each) {
        const bool is_apart = (is_low(each.to) && is_free(to)) || (is_free(each.to) && is_low(to));
        return !(each.to.base == to.base) && !is_apart;
    });
    writes_.push_back({to, instruction.operands[1]});
}

std::optional<MemoryWords::Byte> MemoryWords::byte_at(const MemoryAddress& address, unsigned offset) const {
    for (auto each = writes_.rbegin(); each != writes_.rend(); ++each) {
        const ir::Word inside = address.offset + ir::Word{offset} - each->to.offset;
        if (each->to.base == address.base && inside < ir::Word{word_bytes})
            return Byte{each->value, static_cast<unsigned>(inside.low64())};
    }
    return std::nullopt;
}

std::optional<std::uint8_t> MemoryWords::constant_byte(const Byte& byte) const {
    const auto word = constant_in(made_by_, byte.value);
    return word ? std::optional(vm::to_big_endian(*word).at(byte.at)) : std::nullopt;
}

std::optional<WordInMemory> MemoryWords::word_at(const MemoryAddress& address) const {
    std::vector<Byte> bytes;
    for (unsigned i = 0; i < word_bytes; ++i) {
        const auto byte = byte_at(address, i);
        if (!byte) return std::nullopt;
        bytes.push_back(*byte);
    }
    const auto is_part = [&](unsigned from, unsigned at) {
        for (unsigned i = from; i < word_bytes; ++i)
            if (!(bytes[i].value == bytes[from].value) || bytes[i].at != at + i - from) return false;
        return true;
    };
    if (is_part(0, 0)) return WordInMemory{bytes[0].value};
    constexpr unsigned high = word_bytes - address_bytes;
    for (unsigned i = 0; i < high; ++i)
        if (constant_byte(bytes[i]) != 0) return std::nullopt;
    if (is_part(high, high)) return WordInMemory{bytes[high].value, true};
    // The high end of a word into which an account was shifted.
    const ir::Instruction* made = made_by_.at(bytes[high].value.index);
    const bool is_shifted = made && (made->op == Op::Shl || is_evm(*made, vm::Opcode::SHL));
    if (!is_part(high, 0) || !is_shifted) return std::nullopt;
    const bool is_machine = made->op == Op::Evm;
    const auto by = constant_in(made_by_, made->operands[is_machine ? 0 : 1]);
    if (by != ir::Word{8 * high}) return std::nullopt;
    return WordInMemory{made->operands[is_machine ? 1 : 0], true};
}

std::optional<std::uint32_t> MemoryWords::selector_at(const MemoryAddress& address) const {
    std::uint32_t selector = 0;
    for (unsigned i = 0; i < selector_bytes; ++i) {
        const auto byte = byte_at(address, i);
        const auto constant = byte ? constant_byte(*byte) : std::nullopt;
        if (!constant) return std::nullopt;
        selector = selector << 8 | *constant;
    }
    return selector;
}

CallData call_data_at(const MemoryWords& words, const MemoryAddress& start) {
    constexpr unsigned most_arguments = 4;
    CallData data{words.selector_at(start), {}};
    for (unsigned i = 0; i < most_arguments; ++i)
        data.arguments.push_back(words.word_at({start.base, start.offset + ir::Word{selector_bytes + i * word_bytes}}));
    return data;
}

}  // namespace interlock::analyzer::prover
