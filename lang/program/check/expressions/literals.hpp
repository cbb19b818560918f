// Checks literals, which stay exact until their context gives them a type.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Literals : public Room {
  public:
    explicit Literals(const Room& room) : Room(room) {}

    TypeId number(ExprId id);
    TypeId string(ExprId id);

  private:
    TypeId address(ExprId id, const vm::Word& value);
};

}  // namespace interlock::lang::checking
