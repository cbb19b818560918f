#include "lang/program/data_layout.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace interlock::lang::data {

using vm::Word;

namespace {

constexpr unsigned slot_bytes = 32;
const Word word_bytes{32};

// Visits the types that this one contains, itself first, and each struct once. Stops when `visit` returns true.
template <class Visit>
bool any_part(const Program& program, TypeId type, Visit visit, std::vector<StructId>& seen) {
    if (visit(program[type])) return true;
    const Type& t = program[type];
    if (t.kind == TypeKind::Array) return any_part(program, t.value, visit, seen);
    if (t.kind != TypeKind::Struct || std::ranges::find(seen, t.structure) != seen.end()) return false;
    seen.push_back(t.structure);
    return std::ranges::any_of((*program.tree)[t.structure].fields,
                               [&](VariableId field) { return any_part(program, program[field].type, visit, seen); });
}

bool is_recursive(const Program& program, TypeId type, std::vector<StructId>& above) {
    const Type& t = program[type];
    if (t.kind == TypeKind::Array) return is_recursive(program, t.value, above);
    if (t.kind != TypeKind::Struct) return false;
    if (std::ranges::find(above, t.structure) != above.end()) return true;
    above.push_back(t.structure);
    const bool found = std::ranges::any_of((*program.tree)[t.structure].fields, [&](VariableId field) {
        return is_recursive(program, program[field].type, above);
    });
    above.pop_back();
    return found;
}

}  // namespace

bool is_value(const Program& program, TypeId type) {
    switch (program[type].kind) {
        case TypeKind::Bool:
        case TypeKind::Uint:
        case TypeKind::Int:
        case TypeKind::Address:
        case TypeKind::FixedBytes:
        case TypeKind::Enum:
        case TypeKind::Contract:
        case TypeKind::UserValue:
        case TypeKind::Fixed:
        case TypeKind::Ufixed: return true;
        case TypeKind::Function: return program[type].form != FunctionForm::Named;
        default: return false;
    }
}

bool is_byte_string(const Program& program, TypeId type) {
    return program[type].kind == TypeKind::Bytes || program[type].kind == TypeKind::String;
}

bool has_length(const Program& program, TypeId type) {
    return is_byte_string(program, type) || (program[type].kind == TypeKind::Array && program[type].is_dynamic);
}

bool is_reference(const Program& program, TypeId type) {
    return is_byte_string(program, type) || program[type].kind == TypeKind::Array || program[type].kind == TypeKind::Struct;
}

bool holds_mapping(const Program& program, TypeId type) {
    std::vector<StructId> seen;
    return any_part(
        program, type, [](const Type& part) { return part.kind == TypeKind::Mapping; }, seen);
}

bool holds_fixed_point(const Program& program, TypeId type) {
    std::vector<StructId> seen;
    const auto is_fixed = [&](const Type& part) {
        const TypeKind kind = part.kind == TypeKind::UserValue ? program[part.value].kind : part.kind;
        return kind == TypeKind::Fixed || kind == TypeKind::Ufixed;
    };
    return any_part(program, type, is_fixed, seen);
}

const std::vector<VariableId>& fields(const Program& program, TypeId structure) {
    return (*program.tree)[program[structure].structure].fields;
}

unsigned storage_bytes(const Program& program, TypeId id) {
    const Type& type = program[id];
    switch (type.kind) {
        case TypeKind::Bool:
        case TypeKind::Enum: return 1;
        case TypeKind::Address:
        case TypeKind::Contract: return 20;
        case TypeKind::Uint:
        case TypeKind::Int:
        case TypeKind::Fixed:
        case TypeKind::Ufixed:
        case TypeKind::FixedBytes: return type.bits / 8;
        case TypeKind::UserValue: return storage_bytes(program, type.value);
        case TypeKind::Function: return type.form == FunctionForm::External ? 24 : 8;
        default: return slot_bytes;
    }
}

unsigned elements_per_slot(const Program& program, TypeId element) {
    return is_value(program, element) ? slot_bytes / storage_bytes(program, element) : 1;
}

Word storage_slots(const Program& program, TypeId id) {
    const Type& type = program[id];
    if (type.kind == TypeKind::Struct) {
        const auto known = program.struct_slots.find(type.structure.index);
        return known == program.struct_slots.end() ? Word{1} : known->second;
    }
    if (type.kind != TypeKind::Array || type.is_dynamic) return Word{1};
    const Word per_slot{elements_per_slot(program, type.value)};
    if (per_slot == Word{1}) return type.length * storage_slots(program, type.value);
    return type.length / per_slot + Word{(type.length % per_slot).is_zero() ? 0u : 1u};
}

bool is_encodable(const Program& program, TypeId type) {
    std::vector<StructId> seen;
    std::vector<StructId> above;
    const auto is_strange = [&](const Type& part) {
        switch (part.kind) {
            case TypeKind::Bool:
            case TypeKind::Uint:
            case TypeKind::Int:
            case TypeKind::Address:
            case TypeKind::FixedBytes:
            case TypeKind::Enum:
            case TypeKind::Contract:
            case TypeKind::UserValue:
            case TypeKind::Fixed:
            case TypeKind::Ufixed:
            case TypeKind::Bytes:
            case TypeKind::String:
            case TypeKind::Array:
            case TypeKind::Struct: return false;
            case TypeKind::Function: return part.form != FunctionForm::External;
            default: return true;
        }
    };
    return !any_part(program, type, is_strange, seen) && !is_recursive(program, type, above);
}

bool is_dynamically_encoded(const Program& program, TypeId id) {
    const Type& type = program[id];
    if (has_length(program, id)) return true;
    if (type.kind == TypeKind::Array) return is_dynamically_encoded(program, type.value);
    if (type.kind != TypeKind::Struct) return false;
    return std::ranges::any_of(fields(program, id),
                               [&](VariableId field) { return is_dynamically_encoded(program, program[field].type); });
}

Word head_bytes(const Program& program, TypeId type) {
    return is_dynamically_encoded(program, type) ? word_bytes : tail_bytes(program, type);
}

Word tail_bytes(const Program& program, TypeId id) {
    const Type& type = program[id];
    if (type.kind == TypeKind::Array && !type.is_dynamic) return type.length * head_bytes(program, type.value);
    if (type.kind != TypeKind::Struct) return word_bytes;
    Word bytes;
    for (const VariableId field : fields(program, id)) bytes += head_bytes(program, program[field].type);
    return bytes;
}

namespace {

std::string library_name_unlocated(const Program& program, TypeId id) {
    const Type& type = program[id];
    const Tree& tree = *program.tree;
    const auto qualified = [&](const Scope& scope, const Name& name) {
        return scope.contract ? fmt::format("{}.{}", tree[scope.contract].name.text, name.text) : std::string(name.text);
    };
    switch (type.kind) {
        case TypeKind::Struct: return qualified(tree[type.structure].scope, tree[type.structure].name);
        case TypeKind::Enum: return qualified(tree[type.enumeration].scope, tree[type.enumeration].name);
        case TypeKind::Contract: return std::string(tree[type.contract].name.text);
        case TypeKind::Mapping:
            return fmt::format("mapping({} => {})", library_name_unlocated(program, type.key),
                               library_name_unlocated(program, type.value));
        case TypeKind::Array:
            return library_name_unlocated(program, type.value) +
                   (type.is_dynamic ? "[]" : "[" + vm::to_decimal(type.length) + "]");
        default: return abi_name(program, id);
    }
}

}  // namespace

std::string library_name(const Program& program, TypeId id) {
    const bool in_storage = program[id].location == DataLocation::Storage || program[id].kind == TypeKind::Mapping;
    return library_name_unlocated(program, id) + (in_storage ? " storage" : "");
}

std::string abi_name(const Program& program, TypeId id) {
    const Type& type = program[id];
    switch (type.kind) {
        case TypeKind::Bool: return "bool";
        case TypeKind::Uint: return fmt::format("uint{}", type.bits);
        case TypeKind::Int: return fmt::format("int{}", type.bits);
        case TypeKind::FixedBytes: return fmt::format("bytes{}", type.bits / 8);
        case TypeKind::Fixed:
        case TypeKind::Ufixed: return name_of(program, id);
        case TypeKind::Address:
        case TypeKind::Contract: return "address";
        case TypeKind::Enum: return "uint8";
        case TypeKind::UserValue: return abi_name(program, type.value);
        case TypeKind::Bytes: return "bytes";
        case TypeKind::String: return "string";
        case TypeKind::Function: return "function";
        case TypeKind::Array:
            return abi_name(program, type.value) + (type.is_dynamic ? "[]" : "[" + vm::to_decimal(type.length) + "]");
        case TypeKind::Struct: {
            if (!is_encodable(program, id)) return "?";
            std::string text = "(";
            for (const VariableId field : fields(program, id))
                text += (text.size() == 1 ? "" : ",") + abi_name(program, program[field].type);
            return text + ")";
        }
        default: return "?";
    }
}

std::string signature(const Program& program, std::string_view name, const std::vector<TypeId>& parameters) {
    std::string text = std::string(name) + "(";
    for (std::size_t i = 0; i < parameters.size(); ++i) text += (i ? "," : "") + abi_name(program, parameters[i]);
    return text + ")";
}

std::string signature(const Program& program, std::string_view name, const std::vector<VariableId>& parameters) {
    std::vector<TypeId> types;
    for (const VariableId each : parameters) types.push_back(program[each].type);
    return signature(program, name, types);
}

std::vector<TypeId> getter_keys(const Program& program, TypeId type) {
    std::vector<TypeId> keys;
    for (; program[type].kind == TypeKind::Mapping || program[type].kind == TypeKind::Array; type = program[type].value)
        keys.push_back(program[type].kind == TypeKind::Mapping ? program[type].key : program.uint256);
    return keys;
}

}  // namespace interlock::lang::data
