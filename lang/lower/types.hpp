// What types are in the code of one contract: words, and names in its ABI.
#pragma once

#include <string>
#include <vector>

#include "lang/ir/ir.hpp"
#include "lang/lower/sight.hpp"
#include "lang/program/data_layout.hpp"

namespace interlock::lang::lowering {

class Types {
  public:
    // `sight` may become known later than this object is made.
    Types(const Program& program, const Sight& sight, bool is_library)
        : program_(program), tree_(*program.tree), sight_(sight), is_library_(is_library) {}

    // Throws Unsupported if it is not a word or bytes.
    [[nodiscard]] ir::Type value_type(TypeId type, SourceRange range) const;
    [[nodiscard]] bool is_value(TypeId type) const { return data::is_value(program_, type); }
    // Numbers with decimal places are declared and passed on, and that is all, as in solc: throws Unsupported if there are
    // some in the type, where more would be done with them.
    void refuse_fixed_point(TypeId type, SourceRange range) const;
    // Returns whether variables, parameters and results of the type hold an uncleaned word, which is cleaned when it is
    // used.
    [[nodiscard]] bool may_be_dirty(TypeId type) const;

    // --- with their ABI types ---
    [[nodiscard]] ir::NamedType named(VariableId variable) const;
    [[nodiscard]] ir::NamedType named(std::string name, TypeId type, SourceRange range) const;
    [[nodiscard]] std::vector<ir::NamedType> named(const std::vector<VariableId>& variables) const;

    // Returns the words that hold the variable inside the contract: two for types with a length in call data.
    [[nodiscard]] std::vector<ir::NamedType> words(VariableId variable) const;
    [[nodiscard]] std::vector<ir::Type> words(TypeId type, SourceRange range) const;

    [[nodiscard]] const std::vector<VariableId>& fields_of(TypeId structure) const;
    [[nodiscard]] std::uint32_t field_index(TypeId structure, VariableId field) const;

  private:
    const Program& program_;
    const Tree& tree_;
    const Sight& sight_;
    const bool is_library_;
};

[[nodiscard]] ir::Mutability mutability_of(Mutability mutability);

}  // namespace interlock::lang::lowering
