// Lowers assembly: what Yul sees of the variables of the surrounding function.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Assembly : public Room {
  public:
    explicit Assembly(const Room& room) : Room(room) {}

    void block(YulStmtId id);

  private:
    ir::Value read(const YulName& name, SourceRange range);
    void write(const YulName& name, ir::Value word, SourceRange range);
};

}  // namespace interlock::lang::lowering
