#include "lang/lower/types.hpp"

#include <algorithm>

#include "lang/diagnostics/codes.hpp"
#include "lang/lower/ssa.hpp"

namespace interlock::lang::lowering {

ir::Mutability mutability_of(Mutability mutability) {
    switch (mutability) {
        case Mutability::Pure: return ir::Mutability::Pure;
        case Mutability::View: return ir::Mutability::View;
        case Mutability::Payable: return ir::Mutability::Payable;
        case Mutability::NonPayable: break;
    }
    return ir::Mutability::NonPayable;
}

ir::Type Types::value_type(TypeId id, SourceRange range) const {
    const Type& type = program_[id];
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
            return {ir::TypeKind::Enum, 8, static_cast<std::uint16_t>(tree_[type.enumeration].values.size())};
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
                              "a value of type `" + name_of(program_, id) + "` is not supported yet", range};
    }
}

void Types::refuse_fixed_point(TypeId type, SourceRange range) const {
    if (data::holds_fixed_point(program_, type))
        throw Unsupported{code::no_fixed_point.id, "fixed-point types are not implemented", range};
}

ir::NamedType Types::named(VariableId variable) const {
    return named(std::string(tree_[variable].name.text), program_[variable].type, tree_[variable].range);
}

ir::NamedType Types::named(std::string name, TypeId type, SourceRange range) const {
    const TypeKind kind = program_[type].kind;
    if (is_library_ && (kind == TypeKind::Mapping || program_[type].location == DataLocation::Storage))
        return {std::move(name), ir::data_type, data::library_name(program_, type)};
    if (kind == TypeKind::Function || kind == TypeKind::Fixed || kind == TypeKind::Ufixed)
        return {std::move(name), value_type(type, range), data::abi_name(program_, type)};
    if (kind == TypeKind::Contract) return {std::move(name), ir::address_type, {}, {}, name_of(program_, type)};
    if (kind != TypeKind::Array && kind != TypeKind::Struct) return {std::move(name), value_type(type, range)};
    ir::NamedType made{std::move(name), ir::data_type};
    std::string dimensions;
    TypeId element = type;
    for (; program_[element].kind == TypeKind::Array; element = program_[element].value) {
        const Type& array = program_[element];
        dimensions = (array.is_dynamic ? "[]" : "[" + vm::to_decimal(array.length) + "]") + dimensions;
    }
    if (program_[element].kind == TypeKind::Struct) {
        made.data = "tuple" + dimensions;
        for (const VariableId field : fields_of(element)) made.fields.push_back(named(field));
    } else {
        made.data = data::abi_name(program_, type);
        if (program_[element].kind == TypeKind::Contract) made.contract = name_of(program_, element);
    }
    return made;
}

std::vector<ir::NamedType> Types::named(const std::vector<VariableId>& variables) const {
    std::vector<ir::NamedType> types;
    for (const VariableId variable : variables) types.push_back(named(variable));
    return types;
}

std::vector<ir::Type> Types::words(TypeId id, SourceRange range) const {
    const Type& type = program_[id];
    if (type.kind == TypeKind::Tuple) {
        std::vector<ir::Type> all;
        for (const TypeId member : type.members) {
            const auto some = words(member, range);
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }
    if (names_no_value(type)) return {};
    if (type.location == DataLocation::Calldata && data::has_length(program_, id))
        return {ir::uint256_type, ir::uint256_type};
    const bool is_address = type.kind == TypeKind::Mapping || type.kind == TypeKind::Array ||
                            type.kind == TypeKind::Struct || type.location == DataLocation::Storage;
    return {is_address || may_be_dirty(id) ? ir::uint256_type : value_type(id, range)};
}

std::vector<ir::NamedType> Types::words(VariableId variable) const {
    std::vector<ir::NamedType> named;
    for (const ir::Type& type : words(program_[variable].type, tree_[variable].range))
        named.push_back({std::string(tree_[variable].name.text) + (named.empty() ? "" : ".length"), type});
    return named;
}

// An enum is checked whenever it is read, and a type that fills its word cannot be dirty.
bool Types::may_be_dirty(TypeId id) const {
    if (!sight_.tracks_dirt || !is_value(id) || program_[id].kind == TypeKind::Function) return false;
    const ir::Type type = value_type(id, {});
    return type.bits < 256 && type.kind != ir::TypeKind::Enum;
}

const std::vector<VariableId>& Types::fields_of(TypeId structure) const {
    return tree_[program_[structure].structure].fields;
}

std::uint32_t Types::field_index(TypeId structure, VariableId field) const {
    const auto& fields = fields_of(structure);
    return static_cast<std::uint32_t>(std::find(fields.begin(), fields.end(), field) - fields.begin());
}

}  // namespace interlock::lang::lowering
