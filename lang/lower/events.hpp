// Lowers emit.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Events : public Room {
  public:
    explicit Events(const Room& room) : Room(room) {}

    void emit(ExprId call, SourceRange range);

  private:
    void emit_coded(const ir::Event& event, const std::vector<Datum>& values, SourceRange range);
};

}  // namespace interlock::lang::lowering
