// Scenarios, lowered: a list of steps, and a contract whose functions answer everything that has to be evaluated.
//
// Whoever runs one keeps registers: accounts, values, what calls gave. A Question is one function of the
// scenario's contract, called with what lies in some registers, as a call that changes nothing. So every expression means
// what it means in a contract, and transactions are real ones: from their sender, with the data and ether asked for.
//
//     bank.deposit{value: 1 ether}() by alice expect bank.total() == old(bank.total()) + 1 ether;
//
// asks for old(…), asks for the call (target, ether, data), sends it from alice, and asks whether the condition holds.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lang/diagnostics/diagnostic.hpp"
#include "lang/ir/ir.hpp"
#include "lang/syntax/tree.hpp"

namespace interlock::lang {

using RegisterIndex = std::uint32_t;

struct Question {
    std::uint32_t function = 0;         // index into the functions of the scenario's contract
    std::vector<RegisterIndex> inputs;  // one for each of its parameters
};

// Something whose value explains a condition that does not hold.
struct Watch {
    std::string text;   // as written: "bank.balances(alice)"
    Question question;  // gives the value
};

struct CompiledStep {
    StepKind kind{};
    SourceRange range;
    std::string name;   // Deploy: the contract's
    std::string actor;  // Deploy, Call: who sends it; empty: nobody is named
    // What it asks, in this order. Deploy: ether (uint256), encoded arguments (bytes). Call: target (address), ether, data
    // (bytes). Let: the value. Check: a bool. Warp: seconds (uint256).
    Question question;
    RegisterIndex into = 0;      // Deploy, Let: where the contract or the value goes
    std::vector<Watch> watches;  // Check; Call that expects a value

    // Call
    std::vector<std::pair<Question, RegisterIndex>> before;  // asked before the call: old(…)
    std::vector<ir::NamedType> results;                      // of the called function …
    std::vector<RegisterIndex> result_registers;             // … and where they go, as far as the condition speaks of them
    bool has_encoded_results = false;  // there are arrays or structs: all go into one register, as they were returned
    Expectation expectation = Expectation::None;
    std::optional<Question> expected;  // Value: a bool; Emit: emits that event; Revert: reverts in that way, none: in any
    SourceRange expected_range;

    std::vector<std::vector<CompiledStep>> branches;  // Interleave
};

struct ScenarioActor {  // somebody who can send transactions
    std::string name;
    RegisterIndex into = 0;  // where the address goes
    bool is_contract = false;
    std::optional<Question> holds;  // wei (uint256)
};

struct LoweredScenario {
    std::string name;
    SourceRange range;
    std::vector<ScenarioActor> actors;
    std::vector<CompiledStep> steps;
    std::uint32_t register_count = 0;
    std::shared_ptr<const ir::Contract> questions;  // the contract that answers
};

struct Program;

// The scenario's steps, and the contract that answers their questions. std::nullopt: something was reported.
[[nodiscard]] std::optional<LoweredScenario> lower_scenario(const Program&, ScenarioId, Diagnostics&);

}  // namespace interlock::lang
