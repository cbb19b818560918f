// Lowers the questions of a scenario (scenario.hpp): each is a function that returns the answer.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

// Returns whether the type is not a single value, so that its register holds its encoding.
[[nodiscard]] bool is_data(const Program& program, TypeId type);

class ScenarioQuestions : public FunctionRoom {
  public:
    using FunctionRoom::FunctionRoom;

    void give(const ScenarioNames& names);  // must come first
    void ask_value(ExprId expr, const ir::Type& type);
    void ask_encoded(ExprId expr, TypeId type);            // returns an encoded array or struct
    void ask_deployment(ExprId creation);                  // returns ether and encoded arguments
    void ask_call(ExprId call);                            // returns target, ether and data
    void ask_raise(ExprId call, Expectation expectation);  // emits the event, or reverts with the error

  private:
    [[nodiscard]] ir::Values parameters();  // decoded, where the lowering decodes them
    void bind_encoded(const std::vector<VariableId>& variables, ir::Value bytes);
    void return_values(ir::Values values, SourceRange range);
};

}  // namespace interlock::lang::lowering
