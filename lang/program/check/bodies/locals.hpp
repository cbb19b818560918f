// Declares local variables: parameters, results, variables of statements.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Locals : public Room {
  public:
    explicit Locals(const Room& room) : Room(room) {}

    // `warns`: also of names that they hide.
    void declare(const std::vector<VariableId>& variables, bool warns = true);
    void declare(VariableId id, bool warns = true);
    [[nodiscard]] bool is_pointer(VariableId id) const;  // a reference that must be assigned before it is used
};

}  // namespace interlock::lang::checking
