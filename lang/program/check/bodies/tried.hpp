// Checks what `try` and its clauses declare.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Tried : public Room {
  public:
    explicit Tried(const Room& room) : Room(room) {}

    // The variables after `returns` must have exactly the types of the results.
    void results(const Stmt& stmt, bool is_error);
    void clause(const Catch& clause);
};

}  // namespace interlock::lang::checking
