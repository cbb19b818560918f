// Checks built-in functions: require and related ones, hashes, concatenation.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Builtins : public Room {
  public:
    explicit Builtins(const Room& room) : Room(room) {}

    TypeId function(ExprId id);  // of a plain name; an empty type if there is no such function
    TypeId call(ExprId id, ExprId callee);

  private:
    [[nodiscard]] static bool takes_any(Builtin builtin);
    TypeId packed(ExprId id, const Type& function);
    TypeId require(ExprId id);
    TypeId concat(ExprId id, Builtin builtin);
    TypeId push(ExprId id, const Type& member);
};

}  // namespace interlock::lang::checking
