// Checks a[i] and a[b:c].
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Elements : public Room {
  public:
    explicit Elements(const Room& room) : Room(room) {}

    TypeId index(ExprId id);  // also of a type: uint256[3]
    TypeId slice(ExprId id);

  private:
    void check_bound(ExprId index, const vm::Word& length, std::string_view what, std::string_view parts);
};

}  // namespace interlock::lang::checking
