// Checks `a.b`, and finds the room for each kind of `a`.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Members : public Room {
  public:
    explicit Members(const Room& room) : Room(room) {}

    TypeId member(ExprId id, const Expr* call);
    // `known`: what could be meant.
    TypeId report_unknown(ExprId id, const std::vector<std::string_view>& known);

  private:
    [[nodiscard]] bool has_member(TypeId id, std::string_view name) const;
};

}  // namespace interlock::lang::checking
