// Solidity's storage layout: "Layout of State Variables in Storage and Transient Storage" in its documentation.
#include "lang/ir/storage_path.hpp"

#include "vm/keccak.hpp"
#include "vm/word.hpp"

namespace interlock::lang {

namespace {

vm::Word hash_of(vm::ByteView first, const vm::Word& slot) {
    vm::Bytes data(first.begin(), first.end());
    const auto tail = vm::to_big_endian(slot);
    data.insert(data.end(), tail.begin(), tail.end());
    return vm::to_word(vm::keccak256(data));
}

// Elements narrower than half a slot share slots.
StorageLocation element(const ir::Contract& contract, ir::StorageTypeIndex type, const vm::Word& start,
                        const vm::Word& index) {
    const ir::StorageType& element = contract.storage_types.at(type);
    const bool shares = element.kind == ir::StorageType::Kind::Value && element.bytes <= 16;
    if (!shares) return {start + index * element.slots, 0, type};
    const vm::Word per_slot{32u / element.bytes};
    const auto within = static_cast<std::uint8_t>((index % per_slot).low64() * element.bytes);
    return {start + index / per_slot, within, type};
}

}  // namespace

vm::Word mapping_entry(const vm::Word& mapping_slot, const StorageKey& key) {
    if (const auto* bytes = std::get_if<vm::Bytes>(&key)) return hash_of(*bytes, mapping_slot);
    return hash_of(vm::to_big_endian(std::get<vm::Word>(key)), mapping_slot);
}

StorageLocation locate(const ir::Contract& contract, const ir::Place& place, std::span<const StorageKey> keys) {
    const ir::StateVariable& variable = contract.state.at(place.variable);
    StorageLocation at{variable.slot, variable.offset, variable.type};
    for (const ir::PlaceStep& step : place.steps) {
        const ir::StorageType& type = contract.storage_types.at(at.type);
        if (step.kind == ir::PlaceStep::Kind::Field) {
            const ir::StorageField& field = type.fields.at(step.operand);
            at = {at.slot + field.slot, field.offset, field.type};
            continue;
        }
        const StorageKey& key = keys[step.operand];
        if (type.kind == ir::StorageType::Kind::Mapping) {
            at = {mapping_entry(at.slot, key), 0, type.element};
        } else {
            const bool dynamic = type.kind == ir::StorageType::Kind::DynamicArray;
            const vm::Word start = dynamic ? hash_of({}, at.slot) : at.slot;
            at = element(contract, type.element, start, std::get<vm::Word>(key));
        }
    }
    return at;
}

unsigned offset_in_slot(const ir::Contract& contract, const ir::Place& place) {
    ir::StorageTypeIndex at = contract.state[place.variable].type;
    unsigned offset = contract.state[place.variable].offset;
    for (const ir::PlaceStep& step : place.steps) {
        const ir::StorageType& type = contract.storage_types[at];
        const bool is_field = step.kind == ir::PlaceStep::Kind::Field;
        at = is_field ? type.fields[step.operand].type : type.element;
        offset = is_field ? type.fields[step.operand].offset : 0;
    }
    return offset;
}

vm::Word value_in_slot(const ir::Type& type, const vm::Word& slot_word, std::uint8_t offset) {
    const vm::Word shifted = slot_word >> (8u * offset);
    const unsigned unused = 256u - type.bits;
    switch (type.kind) {
        case ir::TypeKind::FixedBytes: return shifted << unused;
        case ir::TypeKind::Int: return vm::sign_extend(shifted, vm::Word{type.bits / 8u - 1});
        default: return (shifted << unused) >> unused;
    }
}

}  // namespace interlock::lang
