// The trace: one attack, as data. It holds what is needed to run it again (sources, code, transactions) and what came of
// it (the calls, the money, the invariants); the terminal story and the JSON file are made from it and nothing else.
//
// A trace file is canonical: the same inputs give the same bytes. Replaying is making the trace again from the file's
// inputs and comparing; a change anywhere in the file shows.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "analyzer/devnet/invariants.hpp"
#include "analyzer/report/recorder.hpp"
#include "analyzer/verdict.hpp"

namespace interlock::analyzer {

inline constexpr std::string_view trace_format = "interlock-trace-2";
inline constexpr std::size_t max_trace_bytes = 64u << 20;

// One transaction of an attack, by names. `to` empty: deploys the attacker's contract.
struct ScriptedTransaction {
    std::string from, to;
    Word value;
    Bytes data;              // call data; of a deployment: the encoded constructor arguments
    bool is_attack = false;  // hers, and not the deployment
};

// An attack to be carried out: everything that decides how a trace comes out.
struct AttackScript {
    std::string id, kind, contract, property;  // of the finding; the property's label
    PropertyId which;
    std::shared_ptr<const lang::Compilation> compilation;
    std::string attacker_source;
    std::vector<ScriptedTransaction> transactions;  // after the deployment of the contracts; none: it did the damage
};

[[nodiscard]] AttackScript make_script(World& world, const Plan& plan);

struct Holding {
    std::string name;
    Word before, after;
};  // wei, at the start and the end

struct InvariantChange {
    PropertyId invariant;
    std::string contract, label, text;             // for people
    bool by_constructor = false;                   // there was no contract before, of which it could have been false
    std::optional<bool> held_before, holds_after;  // around the attack; none: it cannot be said
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
    std::string attacker;                 // what her contract is called
    std::vector<DeployedCode> contracts;  // hers last
    std::vector<TransactionRecord> transactions;
    std::vector<Holding> ether;  // contracts, then users, then mallory (her contract included)
    Word gain;                   // wei; what mallory ends with above what she started with
    std::vector<InvariantChange> invariants;
};

// Runs the script on the plain VM: nothing yields, the attacker's contract is real. The string says what went wrong.
[[nodiscard]] std::variant<Trace, std::string> run_script(const AttackScript& script);

[[nodiscard]] std::string to_json(const Trace& trace);

struct Replay {
    bool repeats = false;
    std::vector<std::string> differences;  // "outcome.gain: the trace says …, the replay gives …"
    std::shared_ptr<const Trace> trace;    // as replayed; null when it could not be
};

// `text`: a trace file. Anything that is not a trace is a difference, too.
[[nodiscard]] Replay replay(std::string_view text);

}  // namespace interlock::analyzer
