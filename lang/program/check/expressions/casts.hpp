// Checks T(x): conversions, and structs that are made.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Casts : public Room {
  public:
    explicit Casts(const Room& room) : Room(room) {}

    TypeId conversion(ExprId id, TypeId to);
    TypeId structure(ExprId id, StructId structure);

  private:
    [[nodiscard]] bool is_library_name(ExprId id) const;
    [[nodiscard]] TypeId as_payable(TypeId from, TypeId target);
    void suggest_cast(TypeId from_id, TypeId to_id, Diagnostic& diagnostic);
};

}  // namespace interlock::lang::checking
