// Checks calls: the callee, which arguments may choose, and the results.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Calls : public Room {
  public:
    explicit Calls(const Room& room) : Room(room) {}

    TypeId call(ExprId id);
    // `call`: the call that they belong to; null if the function is not called.
    TypeId options(ExprId id, const Expr* call);
    // For `emit` and `revert`: the call must have the given meaning.
    void check_raise(ExprId id, Meaning meaning, bool may_be_text = false);
    bool check_only_meaning(ExprId id);   // that a name read as a value has only one meaning
    void note_call(FunctionId function);  // that the code here calls the function
    TypeId result_of(const std::vector<TypeId>& results, bool from_outside);

  private:
    TypeId callee(ExprId id, const Expr& call);
    TypeId parenthesised_callee(ExprId id, const Expr& call);
    TypeId function_call(ExprId id, ExprId callee_id);
};

}  // namespace interlock::lang::checking
