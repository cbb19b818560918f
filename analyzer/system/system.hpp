// Systems: what is deployed among whom, inferred from the contracts themselves.
//
// A constructor argument that is declared as a contract, or that ends in a variable on which a contract's functions are
// called, is a contract in scope that fits it, else a token of the environment, else the attacker's contract, who then
// plays that part. Setters link what is still unlinked. Everybody gets tokens and has approved; then honest users
// deposit. What several fit is a choice: each is a root of the search.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "analyzer/explorer/explorer.hpp"

namespace interlock::analyzer {

struct SystemOptions {
    std::vector<std::string> contracts;  // names of those to deploy; empty: all
    vm::Fork fork = vm::default_fork;
    std::string setup = {};  // name of a scenario, or of a contract with setUp(): it makes the system; empty: see below
};

// Returns whether there is a scenario, or a contract with setUp(), of that name.
[[nodiscard]] bool can_set_up(const lang::Compilation& compilation, const std::string& name);

// Returns whether the contract is there to test others: it has a setUp() as Foundry calls it.
[[nodiscard]] bool is_test_contract(const lang::Artifact& artifact);

// If there are contracts with tests, what their setUp() makes is the system, one for each of them.
// The string says what could not be deployed.
[[nodiscard]] std::variant<std::vector<Root>, std::string> infer_systems(
    const std::shared_ptr<const lang::Compilation>& compilation, const SystemOptions& options, const Deadline& deadline);

// Returns the root's system with the attacker's second contract in it, or std::nullopt if it cannot be deployed.
[[nodiscard]] std::optional<Root> with_colluder(const Root& root);

}  // namespace interlock::analyzer
