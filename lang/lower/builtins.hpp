// Lowers calls of built-in functions: hashes, modular arithmetic, arrays' push and pop. What fails, encodes, or calls
// another contract has a room of its own.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Builtins : public Room {
  public:
    explicit Builtins(const Room& room) : Room(room) {}

    Result builtin_call(ExprId id);

  private:
    ir::Value hash(ExprId call, ir::Op op, const ir::Type& type, SourceRange range);
    ir::Value hash_of_text(ExprId bytes, ir::Op op, const ir::Type& type, SourceRange range);
    ir::Value modular(ExprId id, ir::Op op);
    ir::Value recover(ExprId id);
    Result new_array(ExprId id);
    void push_fields(const Reference& to, const Result& made, SourceRange range);
    Result array_member_call(ExprId id, Builtin builtin);
};

}  // namespace interlock::lang::lowering
