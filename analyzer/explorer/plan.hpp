// A plan: who calls what, in which order, and what the attacker does each time control reaches her. The explorer finds
// plans, serialisations permute them, and the attacker contract is written from them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lang/abi/data.hpp"
#include "vm/word.hpp"

namespace interlock::analyzer {

enum class DeployedIndex : std::uint32_t {};  // into World::contracts

// A call of one function of a deployed contract, with its arguments as values.
struct Call {
    DeployedIndex contract{};
    std::uint32_t function = 0;              // index into its IR's functions
    std::vector<lang::abi::Data> arguments;  // of a fallback function: nothing, or the call data
    vm::Word value;                          // wei sent along
    friend bool operator==(const Call&, const Call&) = default;
};

// One stretch in which control is with the attacker's contract: in her own transaction, or because a contract called her.
struct Activation {
    std::optional<std::uint32_t> selector;  // of her call data; std::nullopt: fewer than four bytes
    std::vector<Call> calls;                // calls that she makes before she answers
    bool reverts = false;                   // whether her answer is a revert
    vm::Bytes answer;                       // her return data otherwise
    // How often control has reached her contract in this transaction, as she can count it: calls that were undone are
    // forgotten. Zero: she cannot count here, since the call is static or has too little gas.
    std::uint32_t turn = 0;
    bool is_static = false;
    // The call of hers during which control reaches her: the activation that made it, and its place among that one's
    // calls. std::nullopt: the transaction's own call.
    struct Origin {
        std::uint32_t activation = 0, call = 0;
        friend bool operator==(const Origin&, const Origin&) = default;
    };
    std::optional<Origin> during = std::nullopt;
    // Whether the answer is one word, and not the selector, by which receivers of tokens agree.
    [[nodiscard]] bool answers_number() const {
        return selector && !reverts && answer.size() == 32 &&
               vm::word_from_big_endian(answer) != vm::Word{*selector} << 224u;
    }
    friend bool operator==(const Activation&, const Activation&) = default;
};

// Passing time before a transaction.
struct Wait {
    std::uint64_t blocks = 0, seconds = 0;
    friend bool operator==(const Wait&, const Wait&) = default;
};

// One transaction of a plan: the attacker's, or a single call by one of the senders. Control may reach her in both.
struct PlannedTransaction {
    std::uint32_t sender = 0;             // of a single call: index into World::senders
    bool is_attack = false;               // sent to the attacker's contract
    Call call;                            // the single call
    std::vector<Activation> activations;  // in the order in which they start; in an attack the first is her own
    Wait wait = {};

    // Returns whether what she does there has no effect: she reverts, or is called during a call that she undoes so.
    [[nodiscard]] bool is_undone(std::size_t activation) const;
    // Returns how many calls the attacker makes while a contract waits for her, without those that are undone.
    [[nodiscard]] std::uint32_t reentries() const;
    friend bool operator==(const PlannedTransaction&, const PlannedTransaction&) = default;
};

using Plan = std::vector<PlannedTransaction>;

[[nodiscard]] std::uint32_t reentries(const Plan& plan);

// Returns the plans in which some of her transactions around one that re-enters are one with it, when it takes place: her calls
// may then change places.
[[nodiscard]] std::vector<Plan> joined_around_reentries(const Plan& plan);

// Returns a number that is equal for calls of the same function, and of the same one through it: who makes calls for others is
// told of a function.
[[nodiscard]] std::uint64_t what_is_called(const Call& call);

// Returns a number that is equal for plans that re-enter alike, whatever else happens before and after: the same functions,
// one during the other, in the first transaction that re-enters. Zero: none does.
[[nodiscard]] std::uint64_t shape_of_reentry(const Plan& plan);

// Returns the first four bytes of call data, or std::nullopt if there are fewer.
[[nodiscard]] std::optional<std::uint32_t> selector_of(vm::ByteView call_data);

}  // namespace interlock::analyzer
