// The interned types of one program: creates them, and answers questions that depend on a type alone.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "lang/program/check/names.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang {

class TypeTable {
  public:
    TypeTable(Program& program, const Names& names) : program_(program), names_(names) {}

    // The reference is valid until the next type is created.
    [[nodiscard]] const Type& operator[](TypeId id) const { return program_.types[id.index]; }
    [[nodiscard]] TypeKind kind(TypeId id) const { return program_.types[id.index].kind; }
    [[nodiscard]] bool is_error(TypeId id) const { return kind(id) == TypeKind::Error; }
    [[nodiscard]] std::string name(TypeId id) const { return name_of(program_, id); }

    TypeId intern(Type type);
    TypeId boolean() { return intern({.kind = TypeKind::Bool}); }
    TypeId number(bool is_signed, unsigned bits);
    TypeId uint(unsigned bits = 256) { return number(false, bits); }
    TypeId address(bool payable = false) { return intern({.kind = TypeKind::Address, .payable = payable}); }
    TypeId fixed_point(bool is_signed, unsigned bits, unsigned places);
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
    TypeId module_of(UnitId unit);
    TypeId contract(ContractId id);
    TypeId enumeration(EnumId id);
    TypeId structure(StructId id, DataLocation location, bool is_pointer = false);
    TypeId mapping(TypeId key, TypeId value);
    TypeId user_value(ValueTypeId id, TypeId underlying);
    // The elements have no location of their own. Without a length it is a dynamic array.
    TypeId array(TypeId value, std::optional<vm::Word> length, DataLocation location = DataLocation::None);

    // Returns the same type in another location; types without a location stay as they are.
    TypeId at(TypeId type, DataLocation location, bool is_pointer = false);

    [[nodiscard]] bool is_integer(TypeId id) const { return kind(id) == TypeKind::Uint || kind(id) == TypeKind::Int; }
    [[nodiscard]] bool is_fixed_point(TypeId id) const {
        return kind(id) == TypeKind::Fixed || kind(id) == TypeKind::Ufixed;
    }
    [[nodiscard]] bool is_number(TypeId id) const;            // an integer type, a literal, or a mathematical integer
    [[nodiscard]] bool is_reference(TypeId id) const;         // bytes, string, struct, array: types with a data location
    [[nodiscard]] bool is_value_type(TypeId id) const;        // fits one storage slot
    [[nodiscard]] bool can_cross_contracts(TypeId id) const;  // has a supported ABI encoding

    [[nodiscard]] bool holds_mapping(TypeId id) const;  // such types exist only in storage

    // Returns how many bytes a value takes within a slot.
    [[nodiscard]] unsigned storage_bytes(TypeId id) const;

    [[nodiscard]] bool has(Rule rule) const { return names_.dialect().has(rule); }  // where they are used

    [[nodiscard]] std::size_t enum_size(EnumId id) const { return (*program_.tree)[id].values.size(); }

    [[nodiscard]] bool is_a(ContractId derived, ContractId base) const;  // the same contract, or inherits from it
    [[nodiscard]] bool accepts_ether(ContractId id) const;               // has a receive or a payable fallback function

  private:
    Program& program_;
    const Names& names_;
    std::unordered_multimap<std::size_t, TypeId> known_;  // by hash
};

}  // namespace interlock::lang
