// Converts an expression to what its context needs, and suggests what to write if that is impossible.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Conversions : public Room {
  public:
    explicit Conversions(const Room& room) : Room(room) {}

    // Converts a checked expression to `to`. Returns false after reporting that this is impossible. `because` is the
    // place that requires the type.
    bool convert(ExprId id, TypeId to, const Label& because = {});
    TypeId settle(ExprId id);          // no context requires a type: literals get their own
    void require_value(ExprId id);     // neither a type nor a function that must be called, and not several
    void apply(ExprId id, TypeId to);  // notes a conversion that exists
    void report(ExprId id, TypeId to, const Label& because);
    // Returns the lowest bits of a number literal as a value of the type, sign-extended if that is signed.
    [[nodiscard]] vm::Word cut_off(ExprId id, TypeId to) const;

  private:
    std::optional<vm::Word> constant_as(ExprId id, TypeId to_id);
    void suggest(ExprId id, TypeId to_id, Diagnostic& diagnostic);
};

}  // namespace interlock::lang::checking
