// Finds which of several declarations of one name a call means.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Overloads : public Room {
  public:
    explicit Overloads(const Room& room) : Room(room) {}

    // Returns the declaration that is meant, or null after reporting that the arguments do not determine it.
    const Declared* choose_or_report(ExprId id, const std::vector<const Declared*>& candidates, const Expr* call,
                                     bool from_outside = false);
    // Arguments of external calls are copied, so the parameter's location does not matter.
    bool could_take(const Declared& candidate, const Expr& call, bool from_outside);
    [[nodiscard]] std::vector<const Declared*> without_overridden(const std::vector<Declared>& found) const;
    [[nodiscard]] std::vector<VariableId> parameters_of(const Use& use) const;
    [[nodiscard]] SourceRange declaration_of(const Use& use) const;
    [[nodiscard]] bool is_bound_to_contract(FunctionId id) const;  // neither a free function nor a library's

  private:
    [[nodiscard]] bool is_event_of(const std::vector<const Declared*>& known, const Declared& event) const;
    std::vector<const Declared*> choose(const std::vector<const Declared*>& candidates, const Expr& call, bool from_outside);
};

}  // namespace interlock::lang::checking
