// The prover shows with Z3 that a contract's properties hold in every run, for any number of transactions and any depth
// of re-entry, or says what prevents a proof.
//
// It reads the compiler's IR. Every function is cut into segments at its untrusted calls; whatever a stranger does
// there is replaced by "anything that the facts proved so far allow". A property is Safe only if the negation of every
// condition was refuted. A counterexample, a missing answer, or an unsupported construct makes it Unknown. Unknown is
// never an alarm: finding attacks is the explorer's work.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/deadline.hpp"
#include "analyzer/property.hpp"
#include "lang/diagnostics/source.hpp"
#include "lang/ir/ir.hpp"

namespace interlock::analyzer {

enum class ProofStatus : std::uint8_t { Safe, Unknown };

[[nodiscard]] std::string_view to_string(ProofStatus);  // "SAFE", "UNKNOWN"

// Why a property could not be proved: a sentence for people that names the function and the line, and the place in the
// source.
struct Obstacle {
    std::string sentence;     // "withdraw: the invariant may be false at the external call at bank.ilk:12"
    lang::SourceRange range;  // of the call, the function's head, the loop, …
    friend bool operator==(const Obstacle&, const Obstacle&) = default;
};

struct PropertyProof {
    PropertyKind kind = PropertyKind::Invariant;
    std::uint32_t index = 0;  // of PropertyId; together with the kind it identifies the property
    std::string property;     // its label: "solvent", "withdraw: ensures 1", "check at bank.ilk:20"
    lang::SourceRange range;
    ProofStatus status = ProofStatus::Unknown;
    std::vector<Obstacle> blocked_by;  // empty exactly when Safe; in the order of the proof, each once
    std::uint32_t conditions = 0;      // verification conditions of the last round
    std::uint32_t proved = 0;          // how many of them hold
};

// What holds though nobody stated it.
struct FoundInvariant {
    std::string condition;   // in the source's language: "sum(balances) <= address(this).balance"
    bool is_strong = false;  // at every external call that hands over, too; else between transactions
    std::uint32_t conditions = 0;
    bool is_solvency = false;  // what is kept under keys for others is at most the balance
    friend bool operator==(const FoundInvariant&, const FoundInvariant&) = default;
};

// Returns it as the source would state it: "invariant! sum(balances) <= address(this).balance".
[[nodiscard]] std::string sentence_of(const FoundInvariant& found);

struct ProofReport {
    std::vector<PropertyProof> properties;  // in the order of properties_of()
    std::vector<std::string> assumptions;   // what "safe" depends on, one sentence each
    bool assumes = false;            // the source has `assume` statements, which the proof believed and no run has to obey
    std::vector<std::string> facts;  // proved along the way and used: "locked == true: balances is frozen"
    std::vector<FoundInvariant> found;
    std::uint32_t queries = 0;  // queries to Z3
    std::uint32_t paths = 0;    // paths executed symbolically, over all rounds
    double seconds = 0;

    [[nodiscard]] const PropertyProof* find(std::string_view label) const;  // the first with that label
};

// Limits against hostile input. Reaching one makes the affected properties Unknown, with the limit as reason.
struct ProverOptions {
    std::uint32_t rlimit_per_query = 2'000'000;  // Z3's resource units: the deterministic limit
    std::uint64_t rlimit = 16'000'000;           // of all queries of the contract; facts that are used may take 70 % of it
    std::uint32_t timeout_ms = 10'000;           // for the whole contract, in case these limits are not enough
    Deadline deadline;                           // of the work that this proof is part of
    std::uint32_t max_paths = 1'024;             // per function
    std::uint32_t max_steps = 200'000;           // instructions executed symbolically, per function
    bool infers = false;                         // also looks for what nobody stated
};

// Returns the report when nothing could be proved, for one reason.
[[nodiscard]] ProofReport unproved(const lang::ir::Contract&, const lang::Sources&, const Obstacle& obstacle);

// Proves the contract's properties. For a contract that lang::ir::verify accepts it throws only std::bad_alloc. A
// contract without properties gives an empty list.
[[nodiscard]] ProofReport prove(const lang::ir::Contract&, const lang::Sources&, const ProverOptions& = {});

}  // namespace interlock::analyzer
