// Lowers assembly: what Yul sees of the variables of the surrounding function.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Assembly : public Room {
  public:
    Assembly(const Room& room, FunctionId function) : Room(room), id_(function) {}

    void block(YulStmtId id);

  private:
    ir::Value read(const YulName& name, SourceRange range);
    void write(const YulName& name, ir::Value word, SourceRange range);
    [[nodiscard]] bool is_decoded(VariableId variable) const;

    const FunctionId id_;  // the surrounding function
};

}  // namespace interlock::lang::lowering
