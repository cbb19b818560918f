// Lowers invariants and clauses to functions of their own, which return one Bool and have no control flow.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

// Returns whether the lowered condition contains nothing that can fail or branch, so that it leaves no trace when it is
// erased. Other conditions are kept as open clauses (ir::Clause without a function).
[[nodiscard]] bool is_plain_condition(const Program& program, ExprId condition);

class Specifications : public FunctionRoom {
  public:
    using FunctionRoom::FunctionRoom;

    void lower_invariant(ExprId expr);
    // The parameters are those of the subject, and for an ensures also its results.
    void lower_clause(FunctionId subject, const SpecClause& clause);
};

}  // namespace interlock::lang::lowering
