#include "analyzer/prover/slots.hpp"

#include <algorithm>
#include <optional>

namespace interlock::analyzer::prover {

using Kind = Known::Kind;
using ir::StorageType;
using ir::Word;

namespace {

// What begins in a slot, and the fields on the way to it.
struct Part {
    const StorageType* type = nullptr;  // null: several things lie there, or none
    std::vector<std::uint32_t> fields;
};

Part part_at(const ir::Contract& contract, ir::StorageTypeIndex type, Word offset) {
    Part part{&contract.storage_types.at(type), {}};
    while (part.type->kind == StorageType::Kind::Struct || part.type->kind == StorageType::Kind::FixedArray) {
        if (part.type->kind == StorageType::Kind::FixedArray) {
            const StorageType& element = contract.storage_types.at(part.type->element);
            if (element.slots == Word{1} && element.bytes < 32) return {nullptr, part.fields};
            offset = offset % element.slots;
            part.type = &element;
            continue;
        }
        const auto lies_there = [&](const ir::StorageField& field) {
            return offset - field.slot < contract.storage_types.at(field.type).slots;
        };
        if (std::ranges::count_if(part.type->fields, lies_there) != 1) return {nullptr, part.fields};
        const auto field = std::ranges::find_if(part.type->fields, lies_there);
        part.fields.push_back(static_cast<std::uint32_t>(field - part.type->fields.begin()));
        offset = offset - field->slot;
        part.type = &contract.storage_types.at(field->type);
    }
    return offset.is_zero() ? part : Part{nullptr, part.fields};
}

// The variable in whose slots the word is.
const ir::StateVariable* variable_at(const ir::Contract& contract, const Word& slot) {
    const auto found = std::ranges::find_if(contract.state, [&](const ir::StateVariable& each) {
        return !each.is_immutable && slot - each.slot < contract.storage_types.at(each.type).slots;
    });
    return found == contract.state.end() ? nullptr : &*found;
}

const StorageType* type_of(const ir::Contract& contract, const Known& slot) {
    if (slot.is_constant()) {
        const ir::StateVariable* variable = variable_at(contract, slot.word);
        return variable ? part_at(contract, variable->type, slot.word - variable->slot).type : nullptr;
    }
    if (slot.kind != Kind::Entry || slot.number == 0) return nullptr;
    if (!(slot.word < contract.storage_types.at(slot.number - 1).slots)) return nullptr;
    return part_at(contract, slot.number - 1, slot.word).type;
}

// Whether what lies in the element itself may be a length.
bool holds_lengths(const ir::Contract& contract, ir::StorageTypeIndex index) {
    const StorageType& type = contract.storage_types.at(index);
    switch (type.kind) {
        case StorageType::Kind::DynamicArray: return true;
        case StorageType::Kind::FixedArray: return holds_lengths(contract, type.element);
        case StorageType::Kind::Struct:
            return std::ranges::any_of(type.fields,
                                       [&](const ir::StorageField& each) { return holds_lengths(contract, each.type); });
        case StorageType::Kind::Value:
        case StorageType::Kind::Bytes:
        case StorageType::Kind::Mapping: return false;
    }
    return true;
}

// What is hashed from the slot of a variable.
Area area_behind(const ir::Contract& contract, std::uint32_t index, const Word& slot) {
    const ir::StateVariable* variable = variable_at(contract, slot);
    Area area{Area::Kind::Entries, index, 0, {}, slot, {}, 0, 32};
    area.variable = static_cast<std::uint32_t>(variable - contract.state.data());
    return area;
}

}  // namespace

Known slot_of(const Area& area, ir::StorageTypeIndex type) {
    Known slot;
    slot.kind = Kind::Entry;
    slot.area = area;
    slot.number = type + 1;
    return slot;
}

Area area_in(const ir::Contract& contract, const Known& slot) {
    Area area = slot.area;
    if (slot.number == 0) return area;
    if (!(slot.word < contract.storage_types.at(slot.number - 1).slots)) {
        if (!slot.is_element) area.fields.clear();
        if (slot.is_by_index) area.key = Key::Any;
        return area;
    }
    if (slot.is_flat) area.within = slot.word;
    area.is_one = slot.is_flat && area.key == Key::This;
    const Part part = part_at(contract, slot.number - 1, slot.word);
    area.fields.insert(area.fields.end(), part.fields.begin(), part.fields.end());
    return area;
}

// A field of a struct takes these bytes of the slot, alone or beside others.
std::optional<Area> area_of_part(const ir::Contract& contract, const Known& slot, unsigned offset, unsigned bytes) {
    if (slot.kind != Kind::Entry || slot.number == 0) return std::nullopt;
    if (!(slot.word < contract.storage_types.at(slot.number - 1).slots)) return std::nullopt;
    Area area = area_in(contract, slot);
    const StorageType* type = &contract.storage_types.at(slot.number - 1);
    Word inside = slot.word;
    const Part part = part_at(contract, slot.number - 1, slot.word);
    if (part.type) {  // it has the slot for itself
        const bool is_it = part.type->kind == StorageType::Kind::Value && part.type->bytes == bytes && offset == 0;
        return is_it ? std::optional(area) : std::nullopt;
    }
    for (const std::uint32_t field : part.fields) {
        if (type->kind != StorageType::Kind::Struct) return std::nullopt;
        inside = inside - type->fields.at(field).slot;
        type = &contract.storage_types.at(type->fields.at(field).type);
    }
    if (type->kind != StorageType::Kind::Struct) return std::nullopt;
    for (std::uint32_t i = 0; i < type->fields.size(); ++i) {
        const ir::StorageField& field = type->fields[i];
        const StorageType& its = contract.storage_types.at(field.type);
        if (field.slot != inside || field.offset != offset || its.bytes != bytes || its.kind != StorageType::Kind::Value)
            continue;
        area.fields.push_back(i);
        return area;
    }
    return std::nullopt;
}

namespace {

// Of what lies behind the slot, which is more than the slot.
Area whole_area_in(const ir::Contract& contract, const Known& slot) {
    Area area = area_in(contract, slot);
    area.within.reset();
    area.is_one = false;
    return area;
}

}  // namespace

bool is_whole_word(const ir::Contract& contract, const Known& slot) {
    constexpr std::uint8_t word_bytes = 32;
    const StorageType* type = type_of(contract, slot);
    return slot.kind == Kind::Entry && type && type->kind == StorageType::Kind::Value && type->bytes == word_bytes;
}

bool is_slot_of_length(const ir::Contract& contract, const Known& slot) {
    const StorageType* type = type_of(contract, slot);
    return type && type->kind == StorageType::Kind::DynamicArray;
}

bool is_slot_of_bytes(const ir::Contract& contract, const Known& slot) {
    const StorageType* type = type_of(contract, slot);
    return type && type->kind == StorageType::Kind::Bytes;
}

bool may_be_slot_of_bytes(const ir::Contract& contract, const Known& slot) {
    const bool is_known = slot.is_constant() || (slot.kind == Kind::Entry && slot.number != 0 &&
                                                 slot.word < contract.storage_types.at(slot.number - 1).slots);
    return !is_known || is_slot_of_bytes(contract, slot);
}

bool is_own_slot(const ir::Contract& contract, const Known& word) {
    if (word.kind == Kind::Entry || word.kind == Kind::Hash) return true;
    if (!word.is_constant() && word.kind != Kind::Slots) return false;
    const Word more = word.kind == Kind::Slots ? word.mask : Word{};
    return std::ranges::any_of(contract.state, [&](const ir::StateVariable& each) {
        const Word slots = contract.storage_types.at(each.type).slots, from = word.word - each.slot;
        return !each.is_immutable && from < slots && more < slots - from;
    });
}

Known first_behind(const ir::Contract& contract, std::uint32_t index, const Known& slot) {
    const StorageType* type = type_of(contract, slot);
    const bool is_of_bytes = type && type->kind == StorageType::Kind::Bytes;
    if (!is_of_bytes && (!type || type->kind != StorageType::Kind::DynamicArray))
        return is_own_slot(contract, slot) ? of_kind(Kind::Hash) : nothing_known();
    Known first = of_kind(Kind::Entry);
    first.is_element = is_of_bytes || !holds_lengths(contract, type->element);
    first.area = slot.is_constant() ? area_behind(contract, index, slot.word) : whole_area_in(contract, slot);
    if (is_of_bytes) return first;
    first.is_flat = slot.is_constant();
    first.elements = type->element + 1;
    return first;
}

std::optional<std::uint64_t> slots_of_element(const ir::Contract& contract, const Known& first) {
    constexpr std::uint64_t most = std::uint64_t{1} << 32;
    constexpr std::uint8_t half = 16;  // bytes
    const StorageType& type = contract.storage_types.at(first.elements - 1);
    if (type.kind == StorageType::Kind::Value && type.bytes <= half) return std::nullopt;
    if (!type.slots.fits_u64() || type.slots.low64() > most) return std::nullopt;
    return type.slots.low64();
}

Known element_behind(const Known& first, Key index) {
    Known element = first;
    element.number = first.elements;
    element.elements = 0;
    element.is_by_index = first.is_flat;
    if (first.is_flat) element.area.key = index;
    return element;
}

namespace {

// A slot of an entry of which the type is not known.
Known anywhere_in(const Area& area) {
    Known entry = of_kind(Kind::Entry);
    entry.area = area;
    return entry;
}

}  // namespace

Known entry_behind(const ir::Contract& contract, std::uint32_t index, const Known& slot) {
    const StorageType* type = type_of(contract, slot);
    if (slot.kind == Kind::Entry && slot.area.variable == Area::no_variable) return anywhere_in(slot.area);
    if (slot.is_constant() && !variable_at(contract, slot.word) && !is_data_of_array(contract, slot.word)) {
        Known entry = anywhere_in({Area::Kind::Entries, index, Area::no_variable, {}, slot.word, {}, 0, 32});
        entry.is_flat = true;
        return entry;
    }
    if (!type || type->kind != StorageType::Kind::Mapping)
        return is_own_slot(contract, slot) ? of_kind(Kind::Hash) : nothing_known();
    Known entry =
        slot_of(slot.is_constant() ? area_behind(contract, index, slot.word) : whole_area_in(contract, slot), type->element);
    entry.is_flat = slot.is_constant();
    return entry;
}

}  // namespace interlock::analyzer::prover
