// Lowered scenarios: a list of steps, and a contract whose functions compute everything that has to be evaluated.
//
// The code that runs a scenario keeps registers: accounts, values, results of calls. A Question is one function of the
// scenario's contract. It is called with the content of some registers, in a call that changes nothing. So every
// expression means the same as in a contract, and transactions are real: they have a sender, data and ether.
//
//     bank.deposit{value: 1 ether}() by alice expect bank.total() == old(bank.total()) + 1 ether;
//
// asks for old(…), asks for the call (target, ether, data), sends the call from alice, and asks whether the condition holds.
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
    std::vector<RegisterIndex> inputs;  // one for each parameter of the function
};

// An expression whose value explains a failed condition.
struct Watch {
    std::string text;   // as written: "bank.balances(alice)"
    Question question;  // returns the value
};

struct CompiledStep {
    StepKind kind{};
    SourceRange range;
    std::string name;   // Deploy: the contract's name
    std::string actor;  // Deploy, Call: the sender; empty: none is named
    // The step's question, which returns: Deploy: ether (uint256), encoded arguments (bytes). Call: target (address),
    // ether, data (bytes). Let: the value. Check: a bool. Warp: seconds (uint256).
    Question question;
    RegisterIndex into = 0;      // Deploy, Let: the register for the contract or the value
    std::vector<Watch> watches;  // for Check, and for a Call that expects a value

    // --- for Call ---
    std::vector<std::pair<Question, RegisterIndex>> before;  // old(…), which is asked before the call
    std::vector<ir::NamedType> results;                      // the results of the called function …
    std::vector<RegisterIndex> result_registers;             // … and their registers, as far as the condition uses them
    bool has_encoded_results = false;  // some are arrays or structs, so one register gets the whole return data
    Expectation expectation = Expectation::None;
    std::optional<Question> expected;  // Value: a bool; Emit: emits the event; Revert: reverts the same way; not set: any
    SourceRange expected_range;

    std::vector<std::vector<CompiledStep>> branches;  // Interleave
};

struct ScenarioActor {  // an account that can send transactions
    std::string name;
    RegisterIndex into = 0;  // the register for the address
    bool is_contract = false;
    std::optional<Question> holds;  // wei (uint256)
};

struct LoweredScenario {
    std::string name;
    SourceRange range;
    std::vector<ScenarioActor> actors;
    std::vector<CompiledStep> steps;
    std::uint32_t register_count = 0;
    std::shared_ptr<const ir::Contract> questions;  // the contract of the questions
};

struct Program;

// Returns the scenario's steps and the contract of their questions, or std::nullopt after reporting an error.
[[nodiscard]] std::optional<LoweredScenario> lower_scenario(const Program&, ScenarioId, Diagnostics&);

}  // namespace interlock::lang
