// What the source says about one expression: questions to the typed tree, whose answers emit nothing.
#pragma once

#include <vector>

#include "lang/program/program.hpp"

namespace interlock::lang::lowering {

class TypedTree {
  public:
    explicit TypedTree(const Program& program) : program_(program), tree_(*program.tree) {}

    [[nodiscard]] const ExprInfo& info(ExprId id) const { return program_[id]; }
    [[nodiscard]] const Type& checked_type(ExprId id) const { return program_[program_[id].type]; }
    // The type to which the context converts the expression.
    [[nodiscard]] TypeId context_type(ExprId id) const { return info(id).converted ? info(id).converted : info(id).type; }
    [[nodiscard]] ExprId inner(ExprId id) const;  // without parentheses
    // Returns the condition with its branches that chooses the module in (c ? M : M).f or (c ? M : M).L.f, if there is one.
    [[nodiscard]] ExprId choice_of_module(ExprId member) const;
    [[nodiscard]] bool is_text(ExprId id) const;  // whether it is a literal
    [[nodiscard]] bool is_this(ExprId id) const;  // whether it is the contract's own account
    [[nodiscard]] std::vector<TypeId> types_of(const std::vector<VariableId>& variables) const;
    // Whether data in storage is passed to or from a library as its slot.
    [[nodiscard]] bool is_passed_as_slot(TypeId type) const;

    // --- calls ---
    [[nodiscard]] ExprId callee(ExprId call) const;  // without { value: …, gas: … }
    [[nodiscard]] Builtin builtin_of(ExprId call) const;
    [[nodiscard]] const std::vector<ExprId>& arguments_of(ExprId call) const;  // in the order of the parameters
    // The arguments in the order of evaluation: the expression before the dot of an attached function comes first.
    [[nodiscard]] std::vector<ExprId> written_arguments(ExprId call) const;
    [[nodiscard]] bool is_bound(ExprId argument, ExprId call) const;  // whether it is the expression before the dot

  protected:
    const Program& program_;
    const Tree& tree_;
};

}  // namespace interlock::lang::lowering
