// Solidity's types as the checker uses them. They are interned: two types are equal exactly if their ids are.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lang/syntax/tree.hpp"
#include "vm/word.hpp"

namespace interlock::lang {

using TypeId = Id<struct TypeTag>;  // 0: the error type, which is compatible with everything and causes no further reports

enum class TypeKind : std::uint8_t {
    Error,
    Bool,
    Uint,
    Int,
    Address,
    FixedBytes,
    Bytes,
    String,
    Enum,
    Contract,
    Struct,
    Mapping,
    Array,
    Tuple,
    Function,
    Meta,             // a type used as an expression: `uint256` in uint256(x), `Bank` in Bank(a)
    RationalLiteral,  // a number literal, or a constant expression of them
    StringLiteral,
    Magic,      // msg, block, tx, abi, super …
    Integer,    // specifications only: unbounded
    UserValue,  // type Price is uint128: `value` is the underlying type
    Fixed,      // a number with decimal places: it can be declared and passed on, and that is all, as in solc
    Ufixed,
};

enum class MagicKind : std::uint8_t { Msg, Block, Tx, Abi, MetaType /* type(T) */, Super, Module };

// Whether a function's type is that of a value, and of which kind.
enum class FunctionForm : std::uint8_t {
    Named,     // not a value: a built-in function, an event, a function that is only named
    Internal,  // a number that says which function of the contract is meant
    External,  // an address and a selector
};

// An exact rational constant, the form of literals before they get a type.
struct Rational;

struct Type {
    TypeKind kind = TypeKind::Error;
    std::uint16_t bits = 0;   // Uint, Int, Fixed, Ufixed; FixedBytes: bytes * 8
    std::uint8_t places = 0;  // Fixed, Ufixed: of decimals
    bool payable = false;     // Address
    DataLocation location{};  // Bytes, String, Struct, Array: None for the type of a state variable's declaration
    bool is_pointer = false;  // a storage reference in a local variable
    EnumId enumeration{};
    ContractId contract{};
    StructId structure{};
    TypeId key{}, value{};          // Mapping; Array: value; Meta: value is the type meant; UserValue
    ValueTypeId value_type{};       // UserValue
    bool is_dynamic = false;        // Array
    vm::Word length{};              // Array
    std::vector<TypeId> members{};  // Tuple; Function: parameters
    std::vector<TypeId> results{};  // Function
    FunctionForm form{};            // Function
    Mutability mutability{};        // Function, of a value
    MagicKind magic{};
    UnitId unit{};                               // Magic: of a module
    std::shared_ptr<const Rational> rational{};  // RationalLiteral
    std::string text{};                          // StringLiteral: the value
    TypeId unlocated{};                          // the same type without a data location; the type table creates it
};

// Returns whether it is a name such as `uint256`, `super` or `keccak256`, which may be a statement that does nothing.
[[nodiscard]] inline bool names_no_value(const Type& type) {
    return type.kind == TypeKind::Meta || type.kind == TypeKind::Magic ||
           (type.kind == TypeKind::Function && type.form == FunctionForm::Named);
}

[[nodiscard]] inline bool is_module(const Type& type) {
    return type.kind == TypeKind::Magic && type.magic == MagicKind::Module;
}

}  // namespace interlock::lang
