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
    std::string text;        // with the data location
    std::string unlocated;   // without
    std::string identifier;  // before `(`, `)` and `,` are escaped
};

// What a function's type consists of, whatever kind of function it is.
struct Callable {
    std::string_view kind = "internal";  // as solc calls it: "internal", "external", "keccak256"…
    Mutability mutability = Mutability::NonPayable;
    std::vector<TypeText> parameters{}, results{};
    std::string declaration{};            // "Base.f", where a function is only named
    std::string options{};                // "gas", "value", "salt": which were given
    std::vector<TypeText> attached_to{};  // by `using`: what stands before the dot
};

class Types {
  public:
    Types(const Program& program, const NodeIds& ids) : program_(program), tree_(*program.tree), ids_(ids) {}

    [[nodiscard]] TypeText describe(TypeId type) const;
    [[nodiscard]] TypeText describe(TypeId type, DataLocation location, bool is_pointer) const;
    [[nodiscard]] TypeText describe(const Callable&) const;
    [[nodiscard]] TypeText meta(const TypeText& of) const;                // type(uint256), as an expression
    [[nodiscard]] TypeText tuple(const std::vector<TypeText>& of) const;  // of an empty text: a hole
    [[nodiscard]] TypeText elementary(std::string_view name) const;       // "uint256", "bytes memory"

    [[nodiscard]] TypeText slice_of(TypeId) const;               // x[a:b]
    [[nodiscard]] std::optional<TypeText> number(ExprId) const;  // of number literals alone, whose type nobody has asked for
    [[nodiscard]] TypeText super_of(ContractId) const;
    [[nodiscard]] TypeText module_of(std::string_view path, UnitId) const;

    [[nodiscard]] Callable function(const Type&) const;  // that a variable of the type holds
    // What a public variable's getter takes and gives.
    [[nodiscard]] Callable getter(VariableId) const;

  private:
    [[nodiscard]] TypeText contract(ContractId id) const;
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

// "t_array$_t_uint256_$dyn_storage" of "t_array(t_uint256)dyn_storage".
[[nodiscard]] std::string escaped(std::string_view identifier);

}  // namespace interlock::lang::ast
