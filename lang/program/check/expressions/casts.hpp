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
    void suggest_cast(TypeId from_id, TypeId to_id, Diagnostic& diagnostic);
};

}  // namespace interlock::lang::checking
