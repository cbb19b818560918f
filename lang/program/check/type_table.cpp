// Interns types: types with the same hash are compared in everything that distinguishes types.
#include "lang/program/check/type_table.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "lang/program/data_layout.hpp"
#include "lang/program/dispatch.hpp"
#include "lang/program/rational.hpp"

namespace interlock::lang {
namespace {

// The numbers that distinguish types; lists, texts and constants are compared in addition.
auto numbers_of(const Type& t) {
    return std::tuple(t.kind, t.bits, t.places, t.payable, t.location, t.is_pointer, t.is_dynamic, t.magic, t.form,
                      t.mutability, t.enumeration.index, t.contract.index, t.structure.index, t.key.index, t.value.index,
                      t.value_type.index, t.unit.index, t.length.limbs[0]);
}

std::size_t hash_of(const Type& t) {
    std::size_t hash = 0;
    const auto add = [&](auto number) { hash = (hash ^ static_cast<std::size_t>(number)) * 0x9e3779b97f4a7c15; };
    std::apply([&](auto... numbers) { (add(numbers), ...); }, numbers_of(t));
    for (const TypeId id : t.members) add(id.index);
    for (const TypeId id : t.results) add(id.index);
    add(std::hash<std::string>()(t.text));
    if (t.rational) add(hash_value(t.rational->value)), add(t.rational->hex_digits);
    return hash ^ hash >> 32;
}

bool is_same(const Rational* a, const Rational* b) {
    if (a == nullptr || b == nullptr) return a == b;
    return a->hex_digits == b->hex_digits && a->value == b->value;
}

bool is_same(const Type& a, const Type& b) {
    return numbers_of(a) == numbers_of(b) && a.length == b.length && a.members == b.members && a.results == b.results &&
           a.text == b.text && is_same(a.rational.get(), b.rational.get());
}

}  // namespace

TypeId TypeTable::intern(Type type) {
    const std::size_t hash = hash_of(type);
    const auto [first, last] = known_.equal_range(hash);
    const auto found = std::find_if(first, last, [&](const auto& known) { return is_same((*this)[known.second], type); });
    if (found != last) return found->second;
    const TypeId id{static_cast<std::uint32_t>(program_.types.size())};
    known_.emplace(hash, id);
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

TypeId TypeTable::fixed_point(bool is_signed, unsigned bits, unsigned places) {
    return intern({.kind = is_signed ? TypeKind::Fixed : TypeKind::Ufixed,
                   .bits = static_cast<std::uint16_t>(bits),
                   .places = static_cast<std::uint8_t>(places)});
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

// External calls pass everything by value, so the location of a parameter does not matter.
TypeId TypeTable::function(std::vector<TypeId> parameters, std::vector<TypeId> results, FunctionForm form,
                           Mutability mutability) {
    if (form == FunctionForm::External) {
        for (TypeId& each : parameters) each = at(each, DataLocation::Memory);
        for (TypeId& each : results) each = at(each, DataLocation::Memory);
    }
    return intern({.kind = TypeKind::Function,
                   .members = std::move(parameters),
                   .results = std::move(results),
                   .form = form,
                   .mutability = mutability});
}

TypeId TypeTable::meta(TypeId of) { return intern({.kind = TypeKind::Meta, .value = of}); }

TypeId TypeTable::magic(MagicKind kind, TypeId of) { return intern({.kind = TypeKind::Magic, .value = of, .magic = kind}); }

TypeId TypeTable::module_of(UnitId unit) {
    return intern({.kind = TypeKind::Magic, .magic = MagicKind::Module, .unit = unit});
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

unsigned TypeTable::storage_bytes(TypeId id) const { return data::storage_bytes(program_, id); }

bool TypeTable::is_a(ContractId derived, ContractId base) const {
    return derived == base ||
           std::ranges::find(program_[derived].linearization, base) != program_[derived].linearization.end();
}

bool TypeTable::accepts_ether(ContractId id) const {
    const FunctionId fallback = inherited_function(program_, id, FunctionKind::Fallback);
    return inherited_function(program_, id, FunctionKind::Receive) ||
           (fallback && (*program_.tree)[fallback].mutability == Mutability::Payable);
}

}  // namespace interlock::lang
