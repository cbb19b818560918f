#include "lang/lower/state.hpp"

#include <algorithm>

namespace interlock::lang::lowering {

ir::StorageTypeIndex State::storage_type(TypeId id, SourceRange range) {
    if (const auto known = storage_types_.find(id.index); known != storage_types_.end()) return known->second;
    const auto index = static_cast<ir::StorageTypeIndex>(out_.storage_types.size());
    storage_types_[id.index] = index;
    out_.storage_types.emplace_back();

    const Type& type = program_[id];
    ir::StorageType made;
    made.name = name_of(program_, id);
    switch (type.kind) {
        case TypeKind::Mapping:
            made.kind = ir::StorageType::Kind::Mapping;
            made.key = types_.value_type(type.key, range);
            made.element = storage_type(type.value, range);
            break;
        case TypeKind::Struct:
            made.kind = ir::StorageType::Kind::Struct;
            made.slots = program_.struct_slots.at(type.structure.index);
            for (const VariableId field : types_.fields_of(id)) {
                const VariableInfo& info = program_[field];
                made.fields.push_back({std::string(tree_[field].name.text), storage_type(info.type, tree_[field].range),
                                       info.slot, info.offset});
            }
            break;
        case TypeKind::Bytes:
        case TypeKind::String:
            made.kind = ir::StorageType::Kind::Bytes;
            made.value = types_.value_type(id, range);
            break;
        case TypeKind::Array:
            made.kind = type.is_dynamic ? ir::StorageType::Kind::DynamicArray : ir::StorageType::Kind::FixedArray;
            made.element = storage_type(type.value, range);
            made.length = type.length;
            made.slots = data::storage_slots(program_, id);
            break;
        default: made.value = types_.value_type(id, range); made.bytes = static_cast<std::uint8_t>(made.value.bits / 8);
    }
    out_.storage_types[index] = std::move(made);
    return index;
}

// Private variables of several contracts may have the same name. Those of bases then get their contract's name as a prefix.
void State::add() {
    std::map<std::string_view, std::size_t> names;
    for (const StatePlace& place : program_[id_].state) ++names[tree_[place.variable].name.text];
    for (const StatePlace& place : program_[id_].state) {
        const Variable& variable = tree_[place.variable];
        const VariableInfo& info = program_[place.variable];
        ir::StateVariable made;
        made.name = variable.name.text;
        if (names[variable.name.text] > 1 && info.contract != id_)
            made.name = std::string(tree_[info.contract].name.text) + "." + made.name;
        made.type = storage_type(info.type, variable.range);
        made.is_immutable = variable.is_immutable;
        made.slot = place.slot;
        made.offset = place.offset;
        made.is_public = variable.visibility == Visibility::Public;
        made.range = variable.range;
        indices_[place.variable] = static_cast<std::uint32_t>(out_.state.size());
        out_.state.push_back(std::move(made));
    }
}

std::optional<StatePlace> State::transient_place(VariableId variable) const {
    const auto& all = program_[id_].transient;
    const auto found = std::ranges::find(all, variable, &StatePlace::variable);
    return found == all.end() ? std::nullopt : std::optional(*found);
}

std::optional<vm::Word> State::constant(const YulName& name) const {
    if (tree_[name.variable].is_constant) {
        const ExprId initial = tree_[name.variable].initial;
        return initial ? program_[initial].constant : std::nullopt;
    }
    if (const auto place = transient_place(name.variable))
        return name.part == YulPart::Slot ? place->slot : vm::Word{place->offset};
    const auto found = indices_.find(name.variable);
    if (found == indices_.end() || tree_[name.variable].is_immutable) return std::nullopt;
    const ir::StateVariable& variable = out_.state[found->second];
    return name.part == YulPart::Slot ? variable.slot : vm::Word{variable.offset};
}

}  // namespace interlock::lang::lowering
