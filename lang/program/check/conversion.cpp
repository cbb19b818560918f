// The conversion tables, kind by kind. Error types convert to everything, because the errors were reported already.
#include "lang/program/check/conversion.hpp"

#include <algorithm>

#include "lang/program/rational.hpp"

namespace interlock::lang {
namespace {

// The integers between the least and the greatest value of a type with decimal places.
struct Whole {
    BigInteger least, greatest;
};

Whole whole_of(const Type& type) {
    const bool is_signed = type.kind == TypeKind::Fixed || type.kind == TypeKind::Int;
    const BigInteger above = BigInteger(1) << (is_signed ? type.bits - 1u : type.bits);
    const BigInteger unit = boost::multiprecision::pow(BigInteger(10), type.places);
    return {is_signed ? BigInteger(-above / unit) : BigInteger(0), (above - 1) / unit};
}

bool to_fixed_converts(const Type& from, const Type& to) {
    if (to.kind != TypeKind::Fixed && to.kind != TypeKind::Ufixed) return false;
    const Whole have = whole_of(from), room = whole_of(to);
    return have.least >= room.least && have.greatest <= room.greatest && from.places <= to.places;
}

// The narrowest type with decimal places for a number: as many of them as the number has, or as fit. (solc's
// RationalNumberType::fixedPointType)
std::optional<Type> fixed_type_of(const Rational& rational) {
    constexpr unsigned most_places = 80;
    const bool is_negative = rational.value < 0;
    const BigInteger most = is_negative ? BigInteger(1) << 255 : (BigInteger(1) << 256) - 1;
    BigRational value = abs(rational.value);
    unsigned places = 0;
    for (; value * 10 <= most && denominator(value) != 1 && places < most_places; ++places) value *= 10;
    if (value > most) return std::nullopt;
    BigInteger whole = numerator(value) / denominator(value);
    if (is_negative && whole != 0) whole = (whole - 1) << 1;
    const unsigned bits = std::max((bits_of(whole) + 7) / 8 * 8, 8u);
    if (bits > 256) return std::nullopt;
    return Type{.kind = is_negative ? TypeKind::Fixed : TypeKind::Ufixed,
                .bits = static_cast<std::uint16_t>(bits),
                .places = static_cast<std::uint8_t>(places)};
}

// Before 0.8 a wider signed type takes unsigned numbers; before 0.5 addresses are numbers of 160 bits.
bool older_integer_converts(const TypeTable& types, const Type& from, const Type& to) {
    if (from.kind != TypeKind::Uint) return false;
    if (to.kind == TypeKind::Int) return from.bits < to.bits && types.has(rule::unsigned_widens_to_signed);
    return to.kind == TypeKind::Address && from.bits <= 160 && types.has(rule::addresses_are_numbers);
}

bool rational_converts(const TypeTable& types, const Rational& value, const Type& to) {
    if (to.kind == TypeKind::Fixed || to.kind == TypeKind::Ufixed) {
        const BigRational scaled = value.value * boost::multiprecision::pow(BigInteger(10), to.places);
        return denominator(scaled) == 1 && fits(numerator(scaled), to.kind == TypeKind::Fixed, to.bits);
    }
    if (!value.is_integer()) return false;
    switch (to.kind) {
        case TypeKind::Uint: return fits(value.integer(), false, to.bits);
        case TypeKind::Int: return fits(value.integer(), true, to.bits);
        case TypeKind::Integer: return true;
        case TypeKind::FixedBytes:
            if (types.has(rule::bytes_have_any_width)) return fits(value.integer(), false, to.bits);
            return value.value == 0 || value.hex_digits * 4 == to.bits;
        case TypeKind::Address: return types.has(rule::addresses_are_numbers) && fits(value.integer(), false, 160);
        default: return false;
    }
}

bool literal_converts(const Type& from, const Type& to) {
    const bool to_own_copy = to.location == DataLocation::Memory || (to.location == DataLocation::Storage && !to.is_pointer);
    switch (to.kind) {
        case TypeKind::FixedBytes: return from.text.size() * 8 <= to.bits;
        case TypeKind::Bytes: return to_own_copy;
        case TypeKind::String: return to_own_copy && is_valid_utf8(from.text);
        default: return false;
    }
}

// Memory and state variables are copied into; a storage pointer can only point to storage.
bool location_converts(const Type& from, const Type& to) {
    switch (to.location) {
        case DataLocation::None:
        case DataLocation::Memory: return true;
        case DataLocation::Calldata: return from.location == DataLocation::Calldata;
        case DataLocation::Storage: return !to.is_pointer || from.location == DataLocation::Storage;
    }
    return false;
}

// Data that is copied into storage is converted element by element; a reference can only be passed on unchanged.
bool elements_convert(const TypeTable& types, TypeId from_id, TypeId to_id) {
    const Type &from = types[from_id], &to = types[to_id];
    if (types.is_value_type(from_id) && types.is_value_type(to_id)) return converts(types, from_id, to_id);
    if (from.kind != TypeKind::Array || to.kind != TypeKind::Array) return from.unlocated == to.unlocated;
    if (!elements_convert(types, from.value, to.value)) return false;
    return to.is_dynamic || (!from.is_dynamic && from.length <= to.length);
}

bool array_converts(const TypeTable& types, TypeId from_id, TypeId to_id) {
    const Type &from = types[from_id], &to = types[to_id];
    if (to.kind != TypeKind::Array || !location_converts(from, to)) return false;
    if (to.location == DataLocation::Storage && !to.is_pointer) return elements_convert(types, from_id, to_id);
    return from.unlocated == to.unlocated;
}

// A function that does less can be used where one may do more; parameters and results must be the same.
bool function_converts(const Type& from, const Type& to) {
    if (from.form != to.form || from.form == FunctionForm::Named) return false;
    if (from.members != to.members || from.results != to.results) return false;
    if (from.mutability == to.mutability || to.mutability == Mutability::NonPayable) return true;
    return from.mutability == Mutability::Pure && to.mutability == Mutability::View;
}

bool tuple_converts(const TypeTable& types, const Type& from, const Type& to) {
    if (from.members.size() != to.members.size()) return false;
    for (std::size_t i = 0; i < from.members.size(); ++i) {
        if (!converts(types, from.members[i], to.members[i])) return false;
    }
    return true;
}

bool integer_casts(const TypeTable& types, const Type& from, const Type& to) {
    const bool in_one_step = types.has(rule::casts_in_one_step);
    switch (to.kind) {
        case TypeKind::Uint:
        case TypeKind::Int: return in_one_step || from.kind == to.kind || from.bits == to.bits;
        case TypeKind::Address: return in_one_step || (from.kind == TypeKind::Uint && from.bits == 160 && !to.payable);
        case TypeKind::Contract: return in_one_step;
        case TypeKind::FixedBytes:
            return types.has(rule::bytes_have_any_width) ||
                   ((in_one_step || from.kind == TypeKind::Uint) && from.bits == to.bits);
        case TypeKind::Enum: return true;
        default: return false;
    }
}

bool address_casts(const TypeTable& types, const Type& from, const Type& to) {
    const bool in_one_step = types.has(rule::casts_in_one_step);
    switch (to.kind) {
        case TypeKind::Address: return true;
        case TypeKind::Contract:
            return from.payable || types.has(rule::contracts_are_addresses) || !types.accepts_ether(to.contract);
        case TypeKind::Uint: return in_one_step || (!from.payable && to.bits == 160);
        case TypeKind::Int: return in_one_step;
        case TypeKind::FixedBytes:
            return types.has(rule::bytes_have_any_width) || ((in_one_step || !from.payable) && to.bits == 160);
        default: return false;
    }
}

bool fixed_bytes_casts(const TypeTable& types, const Type& from, const Type& to) {
    const bool has_any_width = types.has(rule::bytes_have_any_width);
    switch (to.kind) {
        case TypeKind::FixedBytes: return true;
        case TypeKind::Uint: return has_any_width || from.bits == to.bits;
        case TypeKind::Int: return has_any_width || (types.has(rule::casts_in_one_step) && from.bits == to.bits);
        case TypeKind::Contract: return has_any_width;
        case TypeKind::Address:
            return has_any_width || (from.bits == 160 && (!to.payable || types.has(rule::casts_in_one_step)));
        default: return false;
    }
}

bool contract_casts(const TypeTable& types, const Type& from, const Type& to) {
    switch (to.kind) {
        case TypeKind::Address: return !to.payable || types.accepts_ether(from.contract);
        case TypeKind::Contract:
        case TypeKind::Uint:
        case TypeKind::Int: return types.has(rule::addresses_are_numbers);
        default: return false;
    }
}

bool rational_casts(const TypeTable& types, const Type& from, const Type& to) {
    const Rational& value = *from.rational;
    if (!value.is_integer()) return false;
    const bool fits_any = fits(value.integer(), value.value < 0, 256);
    if (types.has(rule::literals_are_cut_off) && fits_any) {
        const bool is_cut_off = to.kind == TypeKind::Uint || to.kind == TypeKind::Int || to.kind == TypeKind::Address ||
                                to.kind == TypeKind::Contract;
        if (is_cut_off || (to.kind == TypeKind::FixedBytes && types.has(rule::bytes_have_any_width))) return true;
    }
    switch (to.kind) {
        case TypeKind::Address: return value.value == 0 || (!to.payable && fits(value.integer(), false, 160));
        case TypeKind::Enum: return value.value >= 0 && value.value < types.enum_size(to.enumeration);
        case TypeKind::Contract: return value.value == 0 && !types.accepts_ether(to.contract);
        default: return false;
    }
}

}  // namespace

bool converts(const TypeTable& types, TypeId from_id, TypeId to_id) {
    if (from_id == to_id) return true;
    const Type &from = types[from_id], &to = types[to_id];
    if (from.kind == TypeKind::Error || to.kind == TypeKind::Error) return true;
    switch (from.kind) {
        case TypeKind::Uint:
        case TypeKind::Int:
            return to.kind == TypeKind::Integer || (to.kind == from.kind && from.bits <= to.bits) ||
                   older_integer_converts(types, from, to) || to_fixed_converts(from, to);
        case TypeKind::Fixed:
        case TypeKind::Ufixed: return to_fixed_converts(from, to);
        case TypeKind::RationalLiteral: return rational_converts(types, *from.rational, to);
        case TypeKind::StringLiteral: return literal_converts(from, to);
        case TypeKind::Address:
            return to.kind == TypeKind::Address && (!to.payable || types.has(rule::contracts_are_addresses));
        case TypeKind::Contract:
            return (to.kind == TypeKind::Contract && types.is_a(from.contract, to.contract)) ||
                   (to.kind == TypeKind::Address && types.has(rule::addresses_are_numbers));
        case TypeKind::FixedBytes: return to.kind == TypeKind::FixedBytes && from.bits <= to.bits;
        case TypeKind::Bytes:
        case TypeKind::String: return to.kind == from.kind && location_converts(from, to);
        case TypeKind::Struct: return to.kind == from.kind && from.structure == to.structure && location_converts(from, to);
        case TypeKind::Array: return array_converts(types, from_id, to_id);
        case TypeKind::Function: return to.kind == from.kind && function_converts(from, to);
        case TypeKind::Tuple: return to.kind == from.kind && tuple_converts(types, from, to);
        default: return false;
    }
}

bool casts(const TypeTable& types, TypeId from_id, TypeId to_id) {
    if (converts(types, from_id, to_id)) return true;
    const Type &from = types[from_id], &to = types[to_id];
    switch (from.kind) {
        case TypeKind::Uint:
        case TypeKind::Int: return integer_casts(types, from, to);
        case TypeKind::Fixed:
        case TypeKind::Ufixed: return types.is_integer(to_id) || types.is_fixed_point(to_id);
        case TypeKind::Address: return address_casts(types, from, to);
        case TypeKind::FixedBytes: return fixed_bytes_casts(types, from, to);
        case TypeKind::RationalLiteral: return rational_casts(types, from, to);
        case TypeKind::Enum:
            return to.kind == TypeKind::Uint || (to.kind == TypeKind::Int && types.has(rule::casts_in_one_step));
        case TypeKind::Contract: return contract_casts(types, from, to);
        case TypeKind::Bytes: return to.kind == TypeKind::String || to.kind == TypeKind::FixedBytes;
        case TypeKind::String: return to.kind == TypeKind::Bytes;
        default: return false;
    }
}

std::optional<TypeId> mobile_type(TypeTable& types, TypeId id) {
    const Type type = types[id];
    switch (type.kind) {
        case TypeKind::RationalLiteral: {
            if (!type.rational->is_integer()) {
                const std::optional<Type> own = fixed_type_of(*type.rational);
                if (!own) return std::nullopt;
                return types.fixed_point(own->kind == TypeKind::Fixed, own->bits, own->places);
            }
            const BigInteger value = type.rational->integer();
            for (unsigned bits = 8; bits <= 256; bits += 8) {
                if (fits(value, value < 0, bits)) return types.number(value < 0, bits);
            }
            return std::nullopt;
        }
        case TypeKind::StringLiteral:
            return is_valid_utf8(type.text) ? types.string(DataLocation::Memory) : types.bytes(DataLocation::Memory);
        case TypeKind::Bytes:
        case TypeKind::String:
        case TypeKind::Array:
        case TypeKind::Struct: return types.at(id, type.location, type.location == DataLocation::Storage);
        case TypeKind::Tuple: {
            std::vector<TypeId> members;
            for (const TypeId member : type.members) {
                const std::optional<TypeId> mobile = mobile_type(types, member);
                if (!mobile) return std::nullopt;
                members.push_back(*mobile);
            }
            return types.tuple(std::move(members));
        }
        default: return id;
    }
}

std::optional<TypeId> common_type(TypeTable& types, TypeId a, TypeId b) {
    const std::optional<TypeId> mobile_a = mobile_type(types, a), mobile_b = mobile_type(types, b);
    if (mobile_a && converts(types, b, *mobile_a)) return mobile_a;
    if (mobile_b && converts(types, a, *mobile_b)) return mobile_b;
    return std::nullopt;
}

bool is_valid_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80                   ? 1
                                   : lead >= 0xC2 && lead < 0xE0 ? 2
                                   : lead >= 0xE0 && lead < 0xF0 ? 3
                                   : lead >= 0xF0 && lead < 0xF5 ? 4
                                                                 : 0;
        if (length == 0 || i + length > text.size()) return false;
        char32_t point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
        for (std::size_t k = 1; k < length; ++k) {
            const auto byte = static_cast<unsigned char>(text[i + k]);
            if ((byte & 0xC0) != 0x80) return false;
            point = point << 6 | (byte & 0x3F);
        }
        const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
        if (overlong || (point >= 0xD800 && point < 0xE000) || point > 0x10FFFF) return false;
        i += length;
    }
    return true;
}

}  // namespace interlock::lang
