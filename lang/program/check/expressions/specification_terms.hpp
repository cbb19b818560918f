// Checks expressions that only specifications have: old(e), result, sum(m), quantifiers.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class SpecificationTerms : public Room {
  public:
    explicit SpecificationTerms(const Room& room) : Room(room) {}

    TypeId old(ExprId id);
    TypeId result(ExprId id);
    TypeId sum(ExprId id);
    TypeId quantified(ExprId id);
    // Returns whether a specification, or code, may make this call.
    bool check_call(ExprId id, const Use& use, CallForm form);
    TypeId report_outside(ExprId id, std::string_view what);
};

}  // namespace interlock::lang::checking
