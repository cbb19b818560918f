// Lowers types: to words, to their names in the ABI, and to the layout of storage.
#include "lang/lower/contract.hpp"

#include <algorithm>
#include <string_view>

#include "lang/diagnostics/codes.hpp"

namespace interlock::lang::lowering {

// --- words, and the ABI ---
ir::Type ContractLowering::value_type(TypeId id, SourceRange range) const {
    const Type& type = program[id];
    switch (type.kind) {
        case TypeKind::Bool: return ir::bool_type;
        case TypeKind::Uint:
        case TypeKind::Ufixed: return {ir::TypeKind::Uint, type.bits};
        case TypeKind::Int:
        case TypeKind::Fixed: return {ir::TypeKind::Int, type.bits};
        case TypeKind::Address:
        case TypeKind::Contract: return ir::address_type;
        case TypeKind::FixedBytes: return {ir::TypeKind::FixedBytes, type.bits};
        case TypeKind::Enum:
            return {ir::TypeKind::Enum, 8, static_cast<std::uint16_t>(tree[type.enumeration].values.size())};
        case TypeKind::Bytes: return ir::bytes_type;
        case TypeKind::String: return ir::string_type;
        case TypeKind::Integer: return ir::integer_type;
        case TypeKind::UserValue: return value_type(type.value, range);
        case TypeKind::Function:
            if (type.form == FunctionForm::Internal) return {ir::TypeKind::Uint, 64};
            if (type.form == FunctionForm::External) return {ir::TypeKind::FixedBytes, 192};
            [[fallthrough]];
        default:
            throw Unsupported{code::no_such_construct.id,
                              "a value of type `" + name_of(program, id) + "` is not supported yet", range};
    }
}

void ContractLowering::refuse_fixed_point(TypeId type, SourceRange range) const {
    if (data::holds_fixed_point(program, type))
        throw Unsupported{code::no_fixed_point.id, "fixed-point types are not implemented", range};
}

ir::NamedType ContractLowering::named(VariableId variable) const {
    return named(std::string(tree[variable].name.text), program[variable].type, tree[variable].range);
}

ir::NamedType ContractLowering::named(std::string name, TypeId type, SourceRange range) const {
    const TypeKind kind = program[type].kind;
    if (out_.is_library && (kind == TypeKind::Mapping || program[type].location == DataLocation::Storage))
        return {std::move(name), ir::data_type, data::library_name(program, type)};
    if (kind == TypeKind::Function || kind == TypeKind::Fixed || kind == TypeKind::Ufixed)
        return {std::move(name), value_type(type, range), data::abi_name(program, type)};
    if (kind == TypeKind::Contract) return {std::move(name), ir::address_type, {}, {}, name_of(program, type)};
    if (kind != TypeKind::Array && kind != TypeKind::Struct) return {std::move(name), value_type(type, range)};
    ir::NamedType made{std::move(name), ir::data_type};
    std::string dimensions;
    TypeId element = type;
    for (; program[element].kind == TypeKind::Array; element = program[element].value) {
        const Type& array = program[element];
        dimensions = (array.is_dynamic ? "[]" : "[" + vm::to_decimal(array.length) + "]") + dimensions;
    }
    if (program[element].kind == TypeKind::Struct) {
        made.data = "tuple" + dimensions;
        for (const VariableId field : fields_of(element)) made.fields.push_back(named(field));
    } else {
        made.data = data::abi_name(program, type);
    }
    return made;
}

std::vector<ir::NamedType> ContractLowering::named(const std::vector<VariableId>& variables) const {
    std::vector<ir::NamedType> types;
    for (const VariableId variable : variables) types.push_back(named(variable));
    return types;
}

std::vector<ir::Type> ContractLowering::words(TypeId id, SourceRange range) const {
    const Type& type = program[id];
    if (type.kind == TypeKind::Tuple) {
        std::vector<ir::Type> all;
        for (const TypeId member : type.members) {
            const auto some = words(member, range);
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }
    if (type.location == DataLocation::Calldata && data::has_length(program, id))
        return {ir::uint256_type, ir::uint256_type};
    const bool is_address = type.kind == TypeKind::Mapping || type.kind == TypeKind::Array ||
                            type.kind == TypeKind::Struct || type.location == DataLocation::Storage;
    return {is_address || may_be_dirty(id) ? ir::uint256_type : value_type(id, range)};
}

// An enum is checked whenever it is read, and a type that fills its word cannot be dirty.
bool ContractLowering::may_be_dirty(TypeId id) const {
    if (!tracks_dirt() || !is_value(id) || program[id].kind == TypeKind::Function) return false;
    const ir::Type type = value_type(id, {});
    return type.bits < 256 && type.kind != ir::TypeKind::Enum;
}

std::vector<ir::NamedType> ContractLowering::words(VariableId variable) const {
    std::vector<ir::NamedType> named;
    for (const ir::Type& type : words(program[variable].type, tree[variable].range))
        named.push_back({std::string(tree[variable].name.text) + (named.empty() ? "" : ".length"), type});
    return named;
}

const std::vector<VariableId>& ContractLowering::fields_of(TypeId structure) const {
    return tree[program[structure].structure].fields;
}

std::uint32_t ContractLowering::field_index(TypeId structure, VariableId field) const {
    const auto& fields = fields_of(structure);
    return static_cast<std::uint32_t>(std::find(fields.begin(), fields.end(), field) - fields.begin());
}

// --- storage ---
ir::StorageTypeIndex ContractLowering::storage_type(TypeId id, SourceRange range) {
    if (const auto known = storage_types_.find(id.index); known != storage_types_.end()) return known->second;
    const auto index = static_cast<ir::StorageTypeIndex>(out_.storage_types.size());
    storage_types_[id.index] = index;
    out_.storage_types.emplace_back();

    const Type& type = program[id];
    ir::StorageType made;
    made.name = name_of(program, id);
    switch (type.kind) {
        case TypeKind::Mapping:
            made.kind = ir::StorageType::Kind::Mapping;
            made.key = value_type(type.key, range);
            made.element = storage_type(type.value, range);
            break;
        case TypeKind::Struct:
            made.kind = ir::StorageType::Kind::Struct;
            made.slots = program.struct_slots.at(type.structure.index);
            for (const VariableId field : fields_of(id)) {
                const VariableInfo& info = program[field];
                made.fields.push_back({std::string(tree[field].name.text), storage_type(info.type, tree[field].range),
                                       info.slot, info.offset});
            }
            break;
        case TypeKind::Bytes:
        case TypeKind::String:
            made.kind = ir::StorageType::Kind::Bytes;
            made.value = value_type(id, range);
            break;
        case TypeKind::Array:
            made.kind = type.is_dynamic ? ir::StorageType::Kind::DynamicArray : ir::StorageType::Kind::FixedArray;
            made.element = storage_type(type.value, range);
            made.length = type.length;
            made.slots = data::storage_slots(program, id);
            break;
        default: made.value = value_type(id, range); made.bytes = static_cast<std::uint8_t>(made.value.bits / 8);
    }
    out_.storage_types[index] = std::move(made);
    return index;
}

// Private variables of several contracts may have the same name. Those of bases then get their contract's name as a prefix.
void ContractLowering::add_state() {
    std::map<std::string_view, std::size_t> names;
    for (const StatePlace& place : program[id].state) ++names[tree[place.variable].name.text];
    for (const StatePlace& place : program[id].state) {
        const Variable& variable = tree[place.variable];
        const VariableInfo& info = program[place.variable];
        ir::StateVariable made;
        made.name = variable.name.text;
        if (names[variable.name.text] > 1 && info.contract != id)
            made.name = std::string(tree[info.contract].name.text) + "." + made.name;
        made.type = storage_type(info.type, variable.range);
        made.is_immutable = variable.is_immutable;
        made.slot = place.slot;
        made.offset = place.offset;
        made.is_public = variable.visibility == Visibility::Public;
        made.range = variable.range;
        state_[place.variable] = static_cast<std::uint32_t>(out_.state.size());
        out_.state.push_back(std::move(made));
    }
}

std::optional<StatePlace> ContractLowering::transient_place(VariableId variable) const {
    const auto& all = program[id].transient;
    const auto found = std::ranges::find(all, variable, &StatePlace::variable);
    return found == all.end() ? std::nullopt : std::optional(*found);
}

}  // namespace interlock::lang::lowering
