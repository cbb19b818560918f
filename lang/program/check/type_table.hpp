// The interned types of one program: makes them, and answers what depends on a type alone.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lang/program/program.hpp"

namespace interlock::lang {

class TypeTable {
  public:
    explicit TypeTable(Program& program) : program_(program) {}

    // A reference is good until the next type is made: copy what must live longer.
    [[nodiscard]] const Type& operator[](TypeId id) const { return program_.types[id.index]; }
    [[nodiscard]] TypeKind kind(TypeId id) const { return program_.types[id.index].kind; }
    [[nodiscard]] bool is_error(TypeId id) const { return kind(id) == TypeKind::Error; }
    [[nodiscard]] std::string name(TypeId id) const { return name_of(program_, id); }

    TypeId intern(Type type);
    TypeId boolean() { return intern({.kind = TypeKind::Bool}); }
    TypeId number(bool is_signed, unsigned bits);
    TypeId uint(unsigned bits = 256) { return number(false, bits); }
    TypeId address(bool payable = false) { return intern({.kind = TypeKind::Address, .payable = payable}); }
    TypeId fixed_bytes(unsigned bytes);
    TypeId bytes(DataLocation location) { return intern({.kind = TypeKind::Bytes, .location = location}); }
    TypeId string(DataLocation location) { return intern({.kind = TypeKind::String, .location = location}); }
    TypeId integer() { return intern({.kind = TypeKind::Integer}); }
    TypeId rational(Rational value);
    TypeId string_literal(std::string_view text);
    TypeId tuple(std::vector<TypeId> members);
    TypeId function(std::vector<TypeId> parameters, std::vector<TypeId> results, FunctionForm form = FunctionForm::Named,
                    Mutability mutability = Mutability::NonPayable);
    TypeId meta(TypeId of);
    TypeId magic(MagicKind kind, TypeId of = {});
    TypeId contract(ContractId id);
    TypeId enumeration(EnumId id);
    TypeId structure(StructId id, DataLocation location, bool is_pointer = false);
    TypeId mapping(TypeId key, TypeId value);
    TypeId user_value(ValueTypeId id, TypeId underlying);
    // The elements have no location of their own; no length: a dynamic array.
    TypeId array(TypeId value, std::optional<vm::Word> length, DataLocation location = DataLocation::None);

    // The same type held somewhere else; types without a location stay as they are.
    TypeId at(TypeId type, DataLocation location, bool is_pointer = false);

    [[nodiscard]] bool is_integer(TypeId id) const { return kind(id) == TypeKind::Uint || kind(id) == TypeKind::Int; }
    [[nodiscard]] bool is_number(TypeId id) const;            // an integer type, a literal, or a mathematical integer
    [[nodiscard]] bool is_reference(TypeId id) const;         // bytes, string, struct, array: has a data location
    [[nodiscard]] bool is_value_type(TypeId id) const;        // fits into one storage slot
    [[nodiscard]] bool can_cross_contracts(TypeId id) const;  // has an ABI encoding that is supported

    [[nodiscard]] bool holds_mapping(TypeId id) const;  // so that it lives in storage only

    // "uint256", "address" for contracts, "uint8" for enums, "(uint256,bytes)[]"; only where can_cross_contracts().

    // How many bytes a value takes within a slot.
    [[nodiscard]] unsigned storage_bytes(TypeId id) const;

    [[nodiscard]] std::size_t enum_size(EnumId id) const { return (*program_.tree)[id].values.size(); }

    [[nodiscard]] bool is_a(ContractId derived, ContractId base) const;  // the same, or inherits from it
    [[nodiscard]] bool accepts_ether(ContractId id) const;               // has a receive or a payable fallback function

  private:
    Program& program_;
    std::unordered_multimap<std::size_t, TypeId> known_;  // by hash
};

}  // namespace interlock::lang
