// What is being built for one function, and the rules under which one of its expressions is lowered.
#pragma once

#include "lang/lower/variables.hpp"

namespace interlock::lang::lowering {

// Handed on by value: an expression that needs other rules is lowered by a room with another mode.
struct Mode {
    bool unchecked = false;      // arithmetic wraps
    bool specification = false;  // numbers are unbounded, && and || are total
    bool at_entry = false;       // inside old(…): state is read as it was when the function was entered

    [[nodiscard]] Mode wrapping() const { return {true, specification, at_entry}; }
    [[nodiscard]] Mode specifying() const { return {unchecked, true, at_entry}; }
    [[nodiscard]] Mode entering() const { return {unchecked, specification, true}; }
    [[nodiscard]] Mode inlining(bool wraps) const { return {wraps, false, at_entry}; }  // a constant's written value
};

// What a specification says of a function that has returned: the values of `result` and of old(…).
struct Outcome {
    FunctionId function;
    ir::Values results;
    bool results_are_bound = false;    // in a scenario with arrays or structs among the results: to its variables
    std::map<ExprId, ir::Value> olds;  // values of old(…) in a scenario, evaluated earlier
};

struct Frame {
    Frame(ContractLowering& contract, ir::Function& function)
        : contract(contract), function(function), builder(function), variables(contract, builder) {}
    Frame(const Frame&) = delete;
    Frame& operator=(const Frame&) = delete;

    ContractLowering& contract;
    ir::Function& function;
    Builder builder;
    Variables variables;
    std::vector<Local> returns;  // hold the function's results
    Outcome outcome;             // in specifications and scenarios
};

}  // namespace interlock::lang::lowering
