// Lowers invariants and clauses to functions of their own, which return one Bool and have no control flow; conditions in
// bodies; and what only specifications contain: `result` and sum(…).
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

// Returns whether the lowered condition contains nothing that can fail or branch, so that it leaves no trace when it is
// erased. Other conditions are kept as open clauses (ir::Clause without a function).
[[nodiscard]] bool is_plain_condition(const Program& program, ExprId condition);

class Specifications : public Room {
  public:
    explicit Specifications(const Room& room) : Room(room) {}
    explicit Specifications(Frame& frame) : Room(frame, {}) {}

    // --- functions of their own ---
    void lower_invariant(ExprId expr);
    void lower_clause(FunctionId subject, const SpecClause& clause);

    // --- in bodies ---
    void condition(ir::Op op, ExprId expr, SourceRange range);  // op is Check or Assume

    // --- expressions ---
    Result result_value(const Expr& expr);
    ir::Value sum(ExprId id);

  private:
    [[nodiscard]] VariableId field_named(TypeId structure, std::string_view name, SourceRange range) const;
};

}  // namespace interlock::lang::lowering
