// Finds what a plain name in an expression means. `call`: the call whose callee it is, whose arguments choose among
// several functions; null if it is none.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class References : public Room {
  public:
    explicit References(const Room& room) : Room(room) {}

    TypeId name(ExprId id, const Expr* call);
    // The name means one of these.
    TypeId declared_name(ExprId id, const std::vector<Declared>& found, const Expr* call);
    TypeId function_type(FunctionId id, FunctionForm form = FunctionForm::Named);

  private:
    TypeId variable(ExprId id, VariableId variable);
    TypeId builtin_name(ExprId id);
    TypeId report_unknown(ExprId id);
    bool report_private(const Expr& name);
    TypeId report_external(ExprId id, SourceRange declared);
};

}  // namespace interlock::lang::checking
