// A recipe: how a system of contracts comes about. Who deploys what with which arguments, which calls link and supply
// the contracts, and what the attacker's contract does when it is made. A world is built from a recipe, in a search and
// again in each replay; nothing is inferred in a replay.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vm/bytes.hpp"
#include "vm/fork.hpp"
#include "vm/word.hpp"

namespace interlock::analyzer {

// Accounts without number, each of which makes one call, and has the ether for it.
inline constexpr std::string_view crowd = "crowd";

// One transaction, or a whole set-up. It creates a contract if `deploys` is not empty.
struct SetupStep {
    std::string from;             // name of an account
    std::string deploys;          // identity of a contract of the compilation, or the name of one of the environment's
    bool is_environment = false;  // `deploys` is one of the environment's
    std::string to;               // of a call: name of a contract
    vm::Word value;               // wei
    vm::Bytes data;               // encoded constructor arguments, or call data
    // `deploys` is a contract with tests: it is deployed and its setUp() is called as Foundry does. What that creates is
    // the system.
    bool sets_up = false;
    // Name of a scenario that is played: where it ends is the system.
    std::string plays = {};
    // Identity of a contract whose functions the contract `to` offers, since it delegates calls to it. Nothing is sent.
    std::string speaks_as = {};
    // Where the contract `to` stands from now on, since others have the address in their code. Nothing is sent.
    std::optional<vm::Address> stands_at = {};
    // Identity of a contract that the contract `to` is expected to create later: with its nonce of that moment, or, by
    // CREATE2, where it then stands. Nothing is sent.
    std::string expects = {};
    std::uint64_t nonce = 0;
    // How often a call is made, each time by another account of the crowd if it is `from` that, and what passes before.
    std::uint64_t times = 1;
    std::uint64_t blocks = 0, seconds = 0;
    friend bool operator==(const SetupStep&, const SetupStep&) = default;
};

// A call that the attacker's contract makes in its constructor: an approval, a registration, what contracts may not do.
struct Preparation {
    std::string to;  // name of a contract
    vm::Bytes data;
    vm::Word value = {};  // wei
    friend bool operator==(const Preparation&, const Preparation&) = default;
};

struct Recipe {
    // Ample for an attack, and a loop over a huge argument ends soon.
    static constexpr std::uint64_t usual_gas_limit = 2'000'000;

    vm::Fork fork = vm::default_fork;
    std::uint64_t gas_limit = usual_gas_limit;  // of every transaction that comes behind the steps
    std::vector<SetupStep> steps;
    std::vector<Preparation> attacker;
    friend bool operator==(const Recipe&, const Recipe&) = default;
};

}  // namespace interlock::analyzer
