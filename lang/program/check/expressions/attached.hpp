// Checks uses of what `using` attaches: members and operators of types.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Attached : public Room {
  public:
    explicit Attached(const Room& room) : Room(room) {}

    // Returns the functions that `using` attaches to the type under the member's name and that accept the type as first
    // argument.
    [[nodiscard]] std::vector<Declared> functions(ExprId id, TypeId type) const;
    // Returns whether the arguments choose an attached function rather than the type's own member of that name. Reports where
    // nothing tells, or both would do.
    bool prefers(ExprId id, TypeId type, const std::vector<Declared>& found, const Expr* call);
    TypeId member(ExprId id, const std::vector<Declared>& found, const Expr* call);
    [[nodiscard]] bool is_active(const Attachment& attachment, TypeId type) const;
    // Returns the function that is the operator of a user-defined value type, or an empty id.
    [[nodiscard]] FunctionId operator_of(TypeId type, std::string_view op, std::size_t operands) const;
    // Turns the operation into a call of the function and returns the result's type.
    TypeId apply(ExprId id, FunctionId function);

  private:
    bool own_member_could_take(TypeId type, std::string_view name, const Expr& call);
};

}  // namespace interlock::lang::checking
