// Lowers bodies, the modifiers around them, and constructors.
//
// A modifier is inlined at every use. As in solc's IR pipeline, each `_` runs the wrapped code again, with the
// function's parameters as they were when the modifier was entered and with its results at that point; `return` leaves only the
// body or modifier that contains it, and continues after that level's `_`.
//
// All constructors become one function. As in solc's IR pipeline, each contract first evaluates the arguments of its
// bases, then the next contract in the linearization is constructed, then its own variables get their initial values,
// and finally its own body runs.
#pragma once

#include <set>

#include "lang/lower/statements.hpp"

namespace interlock::lang::lowering {

class Bodies : public FunctionRoom {
  public:
    using FunctionRoom::FunctionRoom;

    void lower_function(FunctionId id);
    void lower_constructor();

    // --- for the statements inside ---
    // Lowers the modifier of that number, or after the last one the body.
    void level(FunctionId function, std::size_t number);
    void return_locals(SourceRange range);

    // --- for clauses, whose parameters are the function's ---
    void bind_parameters(const std::vector<VariableId>& parameters);

  private:
    void modifier(const ModifierUse& use, Level level);
    void body_of(const Level& level, StmtId body);
    [[nodiscard]] bool sets_values_first() const;
    void construct(std::size_t number);  // the contract of that number in the linearization, after its bases
    void base_arguments(ContractId contract);
    void initial_values(ContractId contract);

    std::set<ContractId> told_;  // whose constructors have their arguments
};

}  // namespace interlock::lang::lowering
