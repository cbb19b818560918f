// The prover: shows with Z3 that a contract's properties hold in every run, for any number of transactions and any
// depth of re-entry, or says what stands in the way.
//
// It reads the compiler's IR. Every function is cut into segments at its untrusted calls; whatever a stranger does
// there is replaced by "anything that the facts proved so far allow". A property is Safe only when every condition was
// refuted in its negation; a counterexample, an answer that did not come, or a construct that is not covered makes it
// Unknown. Unknown is never an alarm: finding attacks is the explorer's work.
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

// Why a property could not be proved: a sentence for people that names the function and the line, and where in the source that is.
struct Obstacle {
    std::string sentence;     // "withdraw: the invariant may be false at the external call at bank.ilk:12"
    lang::SourceRange range;  // of the call, the function's head, the loop, …
    friend bool operator==(const Obstacle&, const Obstacle&) = default;
};

struct PropertyProof {
    PropertyKind kind = PropertyKind::Invariant;
    std::uint32_t index = 0;  // of PropertyId; with the kind it says which property this is
    std::string property;     // its label: "solvent", "withdraw: ensures 1", "check at bank.ilk:20"
    lang::SourceRange range;
    ProofStatus status = ProofStatus::Unknown;
    std::vector<Obstacle> blocked_by;  // empty exactly when Safe; as met in the proof, each once
    std::uint32_t conditions = 0;      // verification conditions of the deciding round
    std::uint32_t proved = 0;          // how many of them hold
};

struct ProofReport {
    std::vector<PropertyProof> properties;  // as properties_of() gives them
    std::vector<std::string> assumptions;   // what "safe" rests on, a sentence each, for printing
    std::vector<std::string> facts;         // what was proved on the way and used: "locked == true: balances is frozen"
    std::uint32_t queries = 0;              // questions to Z3
    std::uint32_t paths = 0;                // executed symbolically, over all rounds
    double seconds = 0;

    [[nodiscard]] const PropertyProof* find(std::string_view label) const;  // the first with that label
};

// Limits of hostile input. Running into one makes the properties concerned Unknown, and says so.
struct ProverOptions {
    std::uint32_t rlimit_per_query = 2'000'000;  // Z3's resource units: the deterministic limit
    std::uint32_t timeout_ms = 10'000;           // for the whole contract: the backstop
    Deadline deadline;                           // of the work that this proof is a part of
    std::uint32_t max_paths = 1'024;             // of one function
    std::uint32_t max_steps = 200'000;           // instructions executed symbolically, of one function
};

// Throws nothing for a contract that lang::ir::verify accepts but std::bad_alloc. A contract without properties gives an
// empty list.
// The report when nothing was proved, for one reason.
[[nodiscard]] ProofReport unproved(const lang::ir::Contract&, const lang::Sources&, const Obstacle& obstacle);

[[nodiscard]] ProofReport prove(const lang::ir::Contract&, const lang::Sources&, const ProverOptions& = {});

}  // namespace interlock::analyzer
