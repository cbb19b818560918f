// Lowers what only specifications contain: `result`, sum(…), and conditions among the statements of a body.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class SpecificationTerms : public Room {
  public:
    explicit SpecificationTerms(const Room& room) : Room(room) {}

    Result result_value(const Expr& expr);
    ir::Value sum(ExprId id);
    void condition(ir::Op op, ExprId expr, SourceRange range);  // op is Check or Assume

  private:
    [[nodiscard]] VariableId field_named(TypeId structure, std::string_view name, SourceRange range) const;
};

}  // namespace interlock::lang::lowering
