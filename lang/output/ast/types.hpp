// Types as solc's syntax tree describes them: `typeString`, "uint256[] storage ref", and `typeIdentifier`,
// "t_array$_t_uint256_$dyn_storage", in which declarations have the number of their node.
// (Facts: Solidity documentation, "Compiler Input and Output JSON Description"; libsolidity/ast/Types.cpp.)
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lang/output/ast/ids.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang::ast {

struct TypeText {
    std::string text;        // includes the data location
    std::string unlocated;   // without the data location
    std::string identifier;  // before `(`, `)` and `,` are escaped
};

// The parts of a function's type, for any kind of function.
struct Callable {
    std::string kind = "internal";  // as solc calls it: "internal", "external", "keccak256"…
    Mutability mutability = Mutability::NonPayable;
    std::vector<TypeText> parameters{}, results{};
    std::string declaration{};            // "Base.f", if a function is only named
    std::string options{};                // which of "gas", "value", "salt" were given
    std::vector<TypeText> attached_to{};  // attached by `using`: the type before the dot
};

class Types {
  public:
    Types(const Program& program, const NodeIds& ids) : program_(program), tree_(*program.tree), ids_(ids) {}

    [[nodiscard]] TypeText describe(TypeId type) const;
    [[nodiscard]] TypeText describe(TypeId type, DataLocation location, bool is_pointer) const;
    [[nodiscard]] TypeText describe(const Callable&) const;
    [[nodiscard]] TypeText contract(ContractId id) const;
    [[nodiscard]] TypeText meta(const TypeText& of) const;                // type(uint256), as an expression
    [[nodiscard]] TypeText tuple(const std::vector<TypeText>& of) const;  // an empty text is a hole
    [[nodiscard]] TypeText elementary(std::string_view name) const;       // "uint256", "bytes memory"

    [[nodiscard]] TypeText slice_of(TypeId) const;  // x[a:b]
    // Returns the type of an expression of number literals alone that no context has given a type.
    [[nodiscard]] std::optional<TypeText> number(ExprId) const;
    [[nodiscard]] TypeText super_of(ContractId) const;
    [[nodiscard]] TypeText module_of(std::string_view path, UnitId) const;

    [[nodiscard]] Callable function(const Type&) const;  // a function held by a variable of the type
    // The parameters and results of a public variable's getter.
    [[nodiscard]] Callable getter(VariableId) const;

  private:
    [[nodiscard]] TypeText rational(const Rational&) const;
    [[nodiscard]] TypeText magic(const Type&) const;
    [[nodiscard]] TypeText literal(std::string_view text) const;
    template <class Declaration, class Id>
    [[nodiscard]] TypeText named(std::string_view kind, const Declaration& declaration, Id id) const;

    const Program& program_;
    const Tree& tree_;
    const NodeIds& ids_;
};

[[nodiscard]] std::string_view word(Mutability mutability);  // "pure", "nonpayable"
[[nodiscard]] bool is_utf8(std::string_view text);

// Escapes "t_array(t_uint256)dyn_storage" to "t_array$_t_uint256_$dyn_storage".
[[nodiscard]] std::string escaped(std::string_view identifier);

}  // namespace interlock::lang::ast
