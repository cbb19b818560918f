// Checks the initial values of constants and state variables.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Constants : public Room {
  public:
    explicit Constants(const Room& room) : Room(room) {}

    void check_initial(VariableId id);
};

}  // namespace interlock::lang::checking
