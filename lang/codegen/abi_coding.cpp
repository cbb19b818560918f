#include "lang/codegen/abi_coding.hpp"

#include <algorithm>

#include "lang/codegen/arithmetic.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;

namespace {

constexpr std::uint64_t word_bytes = 32, scratch_bytes = 64;

std::uint64_t head_bytes(std::size_t values) { return word_bytes * values; }

bool has_dynamic(const std::vector<TypedEntry>& values) {
    return std::any_of(values.begin(), values.end(), [](const TypedEntry& value) { return value.type.is_reference(); });
}

// [value] -> [value]; reverts without data if the value is not clean.
void reject_dirty(Emitter& e, Routines& routines, const ir::Type& type) {
    if (fills_word(type)) return;
    e.dup(0);
    check_clean(e, type, routines.revert_empty());
}

// [value] -> [value, left-aligned], as packed encoding needs it.
void align_left(Emitter& e, const ir::Type& type) {
    if (type.kind != ir::TypeKind::FixedBytes && type.bits < 256) e.push(256u - type.bits).op(SHL);
}

}  // namespace

void MemoryAddress::push(Emitter& e, std::uint64_t offset) const {
    const std::uint64_t total = constant_ + offset;
    if (!entry_) return void(e.push(total));
    e.copy(*entry_);
    if (total != 0) e.push(total).op(ADD);
}

void encode(Emitter& e, Routines& routines, const std::vector<TypedEntry>& values, const MemoryAddress& base,
            std::uint64_t prefix) {
    const bool is_static = !has_dynamic(values);
    Entry tail;  // the address for the next byte string
    bool is_first = true;
    if (!is_static) {
        base.push(e, prefix + head_bytes(values.size()));
        tail = e.name_top();
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!values[i].type.is_reference()) {
            e.copy(values[i].entry);
            base.push(e, prefix + head_bytes(i));
            e.op(MSTORE);
            continue;
        }
        if (is_first) {
            e.push(head_bytes(values.size()));
        } else {
            base.push(e, prefix);
            e.copy(tail).op(SUB);
        }
        is_first = false;
        base.push(e, prefix + head_bytes(i));
        e.op(MSTORE);
        e.copy(values[i].entry).call(routines.routine(Routine::EncodeBytes), 2, 1);
        tail = e.name_top();
    }
    if (is_static) return void(e.push(prefix + head_bytes(values.size())));
    base.push(e);
    e.swap(1).op(SUB);
}

void encode_packed(Emitter& e, Routines& routines, const std::vector<TypedEntry>& values, const MemoryAddress& base,
                   std::uint64_t prefix) {
    base.push(e, prefix);
    for (const TypedEntry& value : values) {
        const Entry at = e.name_top();
        e.copy(value.entry);
        if (value.type.is_reference()) {
            e.call(routines.routine(Routine::PackBytes), 2, 1);
        } else {
            align_left(e, value.type);
            e.copy(at).op(MSTORE);
            e.push(value.type.bits / 8u).op(ADD);
        }
    }
    base.push(e);
    e.swap(1).op(SUB);
}

void decode_calldata(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types, const OnValue& on_value) {
    if (types.empty()) return;
    e.push(selector_bytes + head_bytes(types.size())).op(CALLDATASIZE).op(LT).jump_if(routines.revert_empty());
    for (std::size_t i = 0; i < types.size(); ++i) {
        e.push(selector_bytes + head_bytes(i)).op(CALLDATALOAD);
        if (types[i].type.is_reference()) e.call(routines.routine(Routine::DecodeCalldataBytes), 1, 1);
        else reject_dirty(e, routines, types[i].type);
        on_value(i);
    }
}

void require_heads(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types) {
    e.push(head_bytes(types.size())).swap(1).op(LT).jump_if(routines.revert_empty());
}

void decode_memory(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types, Entry base, Entry end,
                   const OnValue& on_value) {
    const MemoryAddress from(base);
    for (std::size_t i = 0; i < types.size(); ++i) {
        const bool is_dynamic = types[i].type.is_reference();
        if (is_dynamic) e.copy(base).copy(end);
        from.push(e, head_bytes(i));
        e.op(MLOAD);
        if (is_dynamic) e.call(routines.routine(Routine::DecodeMemoryBytes), 3, 1);
        else reject_dirty(e, routines, types[i].type);
        on_value(i);
    }
}

MemoryAddress take_memory(Emitter& e, const std::vector<TypedEntry>& values, std::uint64_t prefix, MemoryUse use) {
    const std::uint64_t limit = use == MemoryUse::Last ? memory::first_free : scratch_bytes;
    if (!has_dynamic(values) && prefix + head_bytes(values.size()) <= limit) return MemoryAddress(memory::scratch);
    return MemoryAddress(e.push(memory::free_pointer).op(MLOAD).name_top());
}

void order_region(Emitter& e, const MemoryAddress& base) {
    if (base.is_constant()) base.push(e);
    else e.swap(1);
}

}  // namespace interlock::lang::codegen
