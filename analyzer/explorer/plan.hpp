// A plan: who calls what, in which order, and what the attacker does each time control reaches her. It is what the
// explorer finds, what serialisations permute, what the attacker contract is written from.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lang/abi/abi.hpp"
#include "vm/word.hpp"

namespace interlock::analyzer {

enum class DeployedIndex : std::uint32_t {};  // into World::contracts

// A call of one function of a deployed contract, arguments as values.
struct Call {
    DeployedIndex contract{};
    std::uint32_t function = 0;  // index into its IR's functions
    std::vector<lang::abi::Value> arguments;
    vm::Word value;  // wei sent along
    friend bool operator==(const Call&, const Call&) = default;
};

// One time that control is with the attacker's contract: in its own transaction, or because a contract called it.
struct Activation {
    std::optional<std::uint32_t> selector;  // of what she was called with; none: less than four bytes
    std::vector<Call> calls;                // that she makes before she answers
    bool reverts = false;                   // how she answers
    vm::Bytes answer;                       // what she returns otherwise
};

// One transaction of a plan: an honest user's single call, or the attacker's. Control may reach her in either.
struct PlannedTransaction {
    std::uint32_t user = 0;  // honest: index into World::users
    bool is_attack = false;
    Call call;                            // honest
    std::vector<Activation> activations;  // in the order in which they start; of an attack, the first is her own

    // Calls that the attacker makes while a contract waits for her.
    [[nodiscard]] std::uint32_t reentries() const;
};

using Plan = std::vector<PlannedTransaction>;

[[nodiscard]] std::uint32_t reentries(const Plan& plan);

// The first four bytes of call data; none where there are fewer.
[[nodiscard]] std::optional<std::uint32_t> selector_of(vm::ByteView call_data);

}  // namespace interlock::analyzer
