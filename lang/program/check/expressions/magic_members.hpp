// Checks members of `msg`, `block`, `tx` and `abi`.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class MagicMembers : public Room {
  public:
    explicit MagicMembers(const Room& room) : Room(room) {}

    TypeId of_magic(ExprId id, const Type& magic);
};

}  // namespace interlock::lang::checking
