// Checks the modifiers of functions, and the constructors of bases that are called behind `is` or in a constructor's head.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Invocations : public Room {
  public:
    explicit Invocations(const Room& room) : Room(room) {}

    void in_head(FunctionId function, const Invocation& invocation);
    void base_arguments(ContractId base, const Invocation& invocation);

  private:
    void base_constructor(FunctionId function, ContractId base, const Invocation& invocation);
    void report_no_modifier(const Name& name, const Invocation& invocation);
    [[nodiscard]] const Declared* named_by(const Path& path) const;
};

}  // namespace interlock::lang::checking
