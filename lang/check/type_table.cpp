// Interning: a type's key text holds everything that makes it different from others.
#include "lang/check/type_table.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "lang/check/rational.hpp"
#include "lang/data_layout.hpp"
#include "lang/dispatch.hpp"

namespace interlock::lang {
namespace {

std::string key_of(const Type& t) {
    std::string key = fmt::format("{}:{}:{}:{}:{}:{}:{}:{}:{}:{}:{}:{}:{}:{}", static_cast<int>(t.kind), t.bits, t.payable,
                                  static_cast<int>(t.location), t.is_pointer, t.enumeration.index, t.contract.index,
                                  t.structure.index, t.key.index, t.value.index, t.value_type.index, t.is_dynamic,
                                  static_cast<int>(t.magic), fmt::join(t.length.limbs, ","));
    for (const TypeId id : t.members) key += fmt::format(";{}", id.index);
    key += "->";
    for (const TypeId id : t.results) key += fmt::format(";{}", id.index);
    if (t.rational) key += fmt::format("#{}#{}", t.rational->value.str(), t.rational->hex_digits);
    return key + '"' + t.text;
}

}  // namespace

TypeId TypeTable::intern(Type type) {
    auto [place, is_new] = known_.try_emplace(key_of(type), TypeId{static_cast<std::uint32_t>(program_.types.size())});
    const TypeId id = place->second;
    if (!is_new) return id;
    program_.types.push_back(type);
    const bool is_located = type.location != DataLocation::None || type.is_pointer;
    type.location = DataLocation::None;
    type.is_pointer = false;
    const TypeId unlocated = is_located ? intern(std::move(type)) : id;
    program_.types[id.index].unlocated = unlocated;
    return id;
}

TypeId TypeTable::number(bool is_signed, unsigned bits) {
    return intern({.kind = is_signed ? TypeKind::Int : TypeKind::Uint, .bits = static_cast<std::uint16_t>(bits)});
}

TypeId TypeTable::fixed_bytes(unsigned bytes) {
    return intern({.kind = TypeKind::FixedBytes, .bits = static_cast<std::uint16_t>(bytes * 8)});
}

TypeId TypeTable::rational(Rational value) {
    return intern({.kind = TypeKind::RationalLiteral, .rational = std::make_shared<const Rational>(std::move(value))});
}

TypeId TypeTable::string_literal(std::string_view text) {
    return intern({.kind = TypeKind::StringLiteral, .text = std::string(text)});
}

TypeId TypeTable::tuple(std::vector<TypeId> members) {
    return intern({.kind = TypeKind::Tuple, .members = std::move(members)});
}

TypeId TypeTable::function(std::vector<TypeId> parameters, std::vector<TypeId> results) {
    return intern({.kind = TypeKind::Function, .members = std::move(parameters), .results = std::move(results)});
}

TypeId TypeTable::meta(TypeId of) { return intern({.kind = TypeKind::Meta, .value = of}); }

TypeId TypeTable::magic(MagicKind kind, TypeId of) {
    return intern({.kind = TypeKind::Magic, .value = of, .magic = kind});
}

TypeId TypeTable::contract(ContractId id) { return intern({.kind = TypeKind::Contract, .contract = id}); }

TypeId TypeTable::enumeration(EnumId id) { return intern({.kind = TypeKind::Enum, .bits = 8, .enumeration = id}); }

TypeId TypeTable::structure(StructId id, DataLocation location, bool is_pointer) {
    return intern({.kind = TypeKind::Struct, .location = location, .is_pointer = is_pointer, .structure = id});
}

TypeId TypeTable::mapping(TypeId key, TypeId value) {
    return intern({.kind = TypeKind::Mapping, .key = key, .value = value});
}

TypeId TypeTable::array(TypeId value, std::optional<vm::Word> length, DataLocation location) {
    return intern({.kind = TypeKind::Array,
                   .location = location,
                   .value = program_.types[value.index].unlocated,
                   .is_dynamic = !length,
                   .length = length.value_or(vm::Word())});
}

TypeId TypeTable::user_value(ValueTypeId id, TypeId underlying) {
    return intern({.kind = TypeKind::UserValue, .value = underlying, .value_type = id});
}

TypeId TypeTable::at(TypeId id, DataLocation location, bool is_pointer) {
    if (!is_reference(id)) return id;
    Type type = (*this)[id];
    type.location = location;
    type.is_pointer = is_pointer;
    return intern(std::move(type));
}

bool TypeTable::is_number(TypeId id) const {
    return is_integer(id) || kind(id) == TypeKind::RationalLiteral || kind(id) == TypeKind::Integer;
}

bool TypeTable::is_reference(TypeId id) const {
    return kind(id) == TypeKind::Bytes || kind(id) == TypeKind::String || kind(id) == TypeKind::Struct ||
           kind(id) == TypeKind::Array;
}

bool TypeTable::is_value_type(TypeId id) const { return data::is_value(program_, id); }

bool TypeTable::can_cross_contracts(TypeId id) const { return data::is_encodable(program_, id); }

bool TypeTable::holds_mapping(TypeId id) const { return data::holds_mapping(program_, id); }

std::string TypeTable::abi_name(TypeId id) const { return data::abi_name(program_, id); }

unsigned TypeTable::storage_bytes(TypeId id) const { return data::storage_bytes(program_, id); }

bool TypeTable::is_a(ContractId derived, ContractId base) const {
    return derived == base || std::ranges::find(program_[derived].linearization, base) !=
                                  program_[derived].linearization.end();
}

bool TypeTable::accepts_ether(ContractId id) const {
    const FunctionId fallback = inherited_function(program_, id, FunctionKind::Fallback);
    return inherited_function(program_, id, FunctionKind::Receive) ||
           (fallback && (*program_.tree)[fallback].mutability == Mutability::Payable);
}

}  // namespace interlock::lang
