// Lowers built-in names and members: the call's environment, accounts, lengths, and what a type says of itself.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class BuiltinMembers : public Room {
  public:
    explicit BuiltinMembers(const Room& room) : Room(room) {}

    Result builtin_member(ExprId id);
    ir::Value environment(ir::Op op, const ir::Type& type, SourceRange range);

  private:
    ir::Value balance_of(ExprId account, SourceRange range);
    ir::Value array_length(ExprId array, SourceRange range);
};

}  // namespace interlock::lang::lowering
