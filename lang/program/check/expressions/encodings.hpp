// Checks abi.encode, abi.decode and the like.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Encodings : public Room {
  public:
    explicit Encodings(const Room& room) : Room(room) {}

    TypeId encode(ExprId id, Builtin builtin);
    TypeId encode_call(ExprId id);
    TypeId decode(ExprId id);

  private:
    void check_encoded(ExprId argument, bool packed);
    [[nodiscard]] bool packs(TypeId id) const;
};

}  // namespace interlock::lang::checking
