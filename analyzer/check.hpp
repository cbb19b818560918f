// Check: searches for attacks, then tries to prove what was not attacked, then gives a verdict for every property.
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
    std::vector<std::string> contracts;  // names of those to deploy; empty: all
    std::string setup;                   // name of a scenario or of a contract with setUp() that makes the system
    ProverOptions prover;
    vm::Fork fork = vm::default_fork;                // whose rules the search and the replays follow
    double timeout_seconds = 20;                     // limit of the whole check; reaching it is reported
    const std::atomic<bool>* stop = nullptr;         // once set, the check ends with what it knows by then; may be null
    std::function<void(std::string_view)> progress;  // one line, at most ten times a second; may be empty
};

struct Report {
    std::vector<PropertyVerdict> verdicts;  // contract by contract, in source order
    std::vector<Trace> attacks;             // replayed
    std::vector<Warning> warnings;          // sorted by id
    std::vector<std::string> assumptions;   // what SAFE depends on; empty if nothing is SAFE
    std::vector<std::string> facts;         // facts that were proved along the way
    std::vector<std::string> found;         // what holds though nobody stated it: "Bank: invariant sum(b) == total"
    SearchBounds bounds;
    vm::Fork fork = vm::default_fork;  // whose rules hold
    SearchStats stats;
    std::vector<std::string> left_out;  // of the search: contracts that hold nothing, call nobody and are called by nobody
    std::string unconfirmed;            // why the first suspected attack that did not repeat did not
    bool is_interrupted = false;        // CheckOptions::stop was set before the end
    std::string contradiction;          // if not empty: a property is proved and attacked, which is a bug in Interlock
    double seconds = 0;

    [[nodiscard]] bool has_exploit() const;
    [[nodiscard]] bool all_safe() const;  // views apart: nobody is harmed by one alone
};

// `compilation` must be without errors. Throws std::bad_alloc if memory runs out, and nothing else.
[[nodiscard]] Report check(std::shared_ptr<const lang::Compilation> compilation, const CheckOptions& options = {});

}  // namespace interlock::analyzer
