// Checks options of calls: {value: v, gas: g, salt: s}.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class CallOptions : public Room {
  public:
    explicit CallOptions(const Room& room) : Room(room) {}

    void check(ExprId options, const Use& use, CallForm form, const Type& type);
    [[nodiscard]] CallForm form_of(ExprId callee) const;  // of a function that is not called

  private:
    [[nodiscard]] bool is_payable_target(const Use& use, CallForm form, const Type& type) const;
};

}  // namespace interlock::lang::checking
