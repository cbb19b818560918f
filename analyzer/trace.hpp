// The trace: one attack as data. It holds what is needed to run it again (sources, code, transactions) and the results
// (the calls, the money, the invariants). The terminal story and the JSON file are made from it alone.
//
// A trace file is canonical: the same inputs give the same bytes. Replaying makes the trace again from the file's
// inputs and compares, so a change anywhere in the file shows.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "analyzer/devnet/invariants.hpp"
#include "analyzer/report/recorder.hpp"
#include "analyzer/verdict.hpp"

namespace interlock::analyzer {

inline constexpr std::string_view trace_format = "interlock-trace-3";
inline constexpr std::size_t max_trace_bytes = 64u << 20;

// One transaction of an attack, by names. An empty `to` deploys the attacker's contract.
struct ScriptedTransaction {
    std::string from, to;
    Word value;
    Bytes data;              // call data, or for a deployment the encoded constructor arguments
    bool is_attack = false;  // control reaches the attacker in it, who acts
    Wait wait = {};          // before it
};

// An attack to be run: everything that decides what its trace contains.
// A limit on what a contract says of the attacker's contract, or of all, for an attack that passes it.
struct LedgerLimit {
    std::string contract, view;  // "SeatCap", "seatsOf"
    std::uint32_t selector = 0;
    Word limit;             // the most after calls one after the other
    bool is_total = false;  // the view takes no address: it counts for all
    // Of which thing it says it, where the view takes its number, too, before the address or behind it.
    std::optional<Word> id = {};
    bool is_id_first = false;
};

// The most that the same calls one after the other leave her with, for an attack after which she has more.
struct SerialHolding {
    std::string asset;  // "ether", or the name of a token
    Word most;
};

struct AttackScript {
    std::string id, kind, contract, property;  // of the finding; the property's label
    PropertyId which;
    std::shared_ptr<const lang::Compilation> compilation;
    Recipe recipe;  // of the system
    std::string attacker_source;
    std::optional<LedgerLimit> limit;
    std::optional<SerialHolding> serial;
    // The transactions after the deployment of the contracts; empty if the deployment did the damage.
    std::vector<ScriptedTransaction> transactions;
};

[[nodiscard]] AttackScript make_script(World& world, const Plan& plan);

struct Holding {
    std::string name;
    Word before, after;
};  // wei, at the start and the end

struct InvariantChange {
    PropertyId invariant;
    std::string contract, label, text;             // for people
    bool by_constructor = false;                   // before the deployment there was no contract to break it
    std::optional<bool> held_before, holds_after;  // around the attack; std::nullopt: it cannot be evaluated
    std::vector<lang::Operand> before, after;      // both sides of its comparison

    [[nodiscard]] bool is_broken() const { return (by_constructor || held_before == true) && holds_after == false; }
};

struct TransactionRecord {
    ScriptedTransaction transaction;
    std::string status;
    std::uint64_t gas_used = 0;
    Recording recording;
};

struct DeployedCode {
    std::string name;
    Address address;
    Bytes creation_data, runtime_code;
    Hash code_hash;
};

struct Trace {
    AttackScript script;
    std::string attacker;                 // name of her contract
    std::vector<DeployedCode> contracts;  // hers last
    std::vector<TransactionRecord> transactions;
    std::vector<Holding> ether;   // contracts, then users, then mallory (with her contract)
    std::vector<Holding> tokens;  // what mallory (with her contract) has of each token of the system
    std::optional<Word> entry;    // in the ledger whose limit the attack passes, at the end
    Word gain;                    // wei; by how much mallory ends above her start
    std::vector<InvariantChange> invariants;

    // Returns whether she ends with more ether or more of some token.
    [[nodiscard]] bool has_gain() const;
    // Returns what she has at the end of the asset that the script names.
    [[nodiscard]] Word held() const;
    // Whether the script names an asset of which she has more at the end than calls one after the other give her.
    [[nodiscard]] bool has_surplus() const { return script.serial && held() > script.serial->most; }
    // Whether the script names a limit and the entry is above it.
    [[nodiscard]] bool passes_limit() const { return entry && *entry > script.limit->limit; }
};

// Runs the script on the plain VM: nothing yields, and the attacker's contract is real. The string says what went wrong.
[[nodiscard]] std::variant<Trace, std::string> run_script(const AttackScript& script);

[[nodiscard]] std::string to_json(const Trace& trace);

struct Replay {
    bool repeats = false;
    std::vector<std::string> differences;  // "outcome.gain: the trace says …, the replay gives …"
    std::shared_ptr<const Trace> trace;    // as replayed; null if the replay failed
};

// `text` is a trace file. A text that is not a trace counts as a difference, too.
[[nodiscard]] Replay replay(std::string_view text);

}  // namespace interlock::analyzer
