// Finds the room for each kind of expression, and checks those that are made of others: tuples, conditions, arrays;
// and types where expressions stand.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Expressions : public Room {
  public:
    explicit Expressions(const Room& room) : Room(room) {}

    TypeId check(ExprId id);          // accepts everything: also a type, a function, several values
    TypeId check_value(ExprId id);    // exactly one value
    void check_condition(ExprId id);  // must be a bool

  private:
    TypeId type_new(ExprId id);
    TypeId elementary_type(ExprId id);
    TypeId tuple(ExprId id);
    [[nodiscard]] bool gives_nothing(ExprId id) const;
    TypeId conditional(ExprId id);
    bool require_choice(ExprId branch);
    TypeId array_literal(ExprId id);
    TypeId type_information(ExprId id);
    TypeId creation(ExprId id);
};

}  // namespace interlock::lang::checking
