// Checks assignments, and what they and other changes need: a place that can be written, outside of specifications.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Assignments : public Room {
  public:
    explicit Assignments(const Room& room) : Room(room) {}

    TypeId assign(ExprId id);
    TypeId check_target(ExprId id);  // something that can be assigned
    // Returns whether it stands where nothing may change, after reporting that. `what`: the verb.
    bool reject_change(ExprId id, std::string_view what);
    [[nodiscard]] std::string comparison_instead(ExprId assignment) const;  // suggests `a == b` for `a = b`

  private:
    TypeId compound(ExprId id, TypeId target);
    void forbid_mappings(ExprId target);
    void report_not_assignable(ExprId id);
};

}  // namespace interlock::lang::checking
