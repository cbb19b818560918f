// Check: the search for attacks, then proofs of what was not attacked, then a verdict for every property.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "analyzer/prover.hpp"
#include "analyzer/trace.hpp"
#include "analyzer/verdict.hpp"

namespace interlock::analyzer {

struct CheckOptions {
    SearchBounds bounds;
    ProverOptions prover;
    double timeout_seconds = 30;                     // of the search: a backstop; running into it is said
    const std::atomic<bool>* stop = nullptr;         // somebody else sets it to end the check early; may be null
    std::function<void(std::string_view)> progress;  // one line, now and then; may be empty
};

struct Report {
    std::vector<PropertyVerdict> verdicts;  // contract by contract, in source order
    std::vector<Trace> attacks;             // replayed
    std::vector<std::string> assumptions;   // what SAFE rests on; empty where nothing is
    std::vector<std::string> facts;         // proved on the way
    SearchBounds bounds;
    SearchStats stats;
    std::string contradiction;  // not empty: a property is proved and attacked; a bug in Interlock
    double seconds = 0;

    [[nodiscard]] bool has_exploit() const;
    [[nodiscard]] bool all_safe() const;
};

// `compilation` must be without errors.
[[nodiscard]] Report check(std::shared_ptr<const lang::Compilation> compilation, const CheckOptions& options = {});

}  // namespace interlock::analyzer
