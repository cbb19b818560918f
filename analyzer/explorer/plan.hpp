// A plan: who calls what, in which order, and what the attacker does each time control reaches her. The explorer finds
// plans, serialisations permute them, and the attacker contract is written from them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lang/abi/abi.hpp"
#include "vm/word.hpp"

namespace interlock::analyzer {

enum class DeployedIndex : std::uint32_t {};  // into World::contracts

// A call of one function of a deployed contract, with its arguments as values.
struct Call {
    DeployedIndex contract{};
    std::uint32_t function = 0;  // index into its IR's functions
    std::vector<lang::abi::Value> arguments;
    vm::Word value;  // wei sent along
    friend bool operator==(const Call&, const Call&) = default;
};

// One stretch in which control is with the attacker's contract: in her own transaction, or because a contract called her.
struct Activation {
    std::optional<std::uint32_t> selector;  // of her call data; std::nullopt: fewer than four bytes
    std::vector<Call> calls;                // calls that she makes before she answers
    bool reverts = false;                   // whether her answer is a revert
    vm::Bytes answer;                       // her return data otherwise
};

// One transaction of a plan: an honest user's single call, or the attacker's. Control may reach her in both.
struct PlannedTransaction {
    std::uint32_t user = 0;  // honest: index into World::users
    bool is_attack = false;
    Call call;                            // honest
    std::vector<Activation> activations;  // in the order in which they start; in an attack the first is her own

    // Returns how many calls the attacker makes while a contract waits for her.
    [[nodiscard]] std::uint32_t reentries() const;
};

using Plan = std::vector<PlannedTransaction>;

[[nodiscard]] std::uint32_t reentries(const Plan& plan);

// Returns the first four bytes of call data, or std::nullopt if there are fewer.
[[nodiscard]] std::optional<std::uint32_t> selector_of(vm::ByteView call_data);

}  // namespace interlock::analyzer
