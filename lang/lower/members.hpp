// Lowers names, members and indices: everything that names a variable, a part of one, or a function that is not called.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Members : public Room {
  public:
    explicit Members(const Room& room) : Room(room) {}

    Result name(ExprId id);
    Result member(ExprId id);
    Result index(ExprId id);
    Result slice(ExprId id);
    Result variable(VariableId id, SourceRange range);
    void choose_module(ExprId member);  // evaluates the conditions that do so

  private:
    Result field(ExprId id);
    Result function_value(ExprId id);
    ir::Value fixed_bytes_index(ExprId id);
    ir::Value index_value(ExprId array, ExprId id);
};

}  // namespace interlock::lang::lowering
