// Check: the search for attacks, then proofs of what was not attacked, then a verdict for every property.
//
//     std::atomic<bool> stop = false;  // a signal handler may set it
//     CheckOptions options;
//     options.timeout_seconds = 10;
//     options.stop = &stop;
//     const Report report = check(compilation, options);
//     for (const PropertyVerdict& each : report.verdicts) ...
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
    double timeout_seconds = 30;                     // of the whole check: a backstop; running into it is said
    const std::atomic<bool>* stop = nullptr;         // once set, it ends the check with what is known by then; may be null
    std::function<void(std::string_view)> progress;  // one line, at most ten times a second; may be empty
};

struct Report {
    std::vector<PropertyVerdict> verdicts;  // contract by contract, in source order
    std::vector<Trace> attacks;             // replayed
    std::vector<std::string> assumptions;   // what SAFE rests on; empty where nothing is
    std::vector<std::string> facts;         // proved on the way
    SearchBounds bounds;
    SearchStats stats;
    bool is_interrupted = false;  // CheckOptions::stop was set before the end
    std::string contradiction;    // not empty: a property is proved and attacked; a bug in Interlock
    double seconds = 0;

    [[nodiscard]] bool has_exploit() const;
    [[nodiscard]] bool all_safe() const;
};

// `compilation` must be without errors. Throws std::bad_alloc where there is too little memory, and nothing else.
[[nodiscard]] Report check(std::shared_ptr<const lang::Compilation> compilation, const CheckOptions& options = {});

}  // namespace interlock::analyzer
