// Test runs: scenarios and tests of one compilation, run on a devnet before anything is deployed.
//
// A scenario is a block of the language (lang/lower/scenario.hpp). Tests are functions as in Foundry: each contract
// with such functions is deployed, `setUp()` is called, and from there
//   test…()             must not revert; with parameters it is called with values drawn from the seed
//   invariant_…()       must neither revert nor return false after any of a number of drawn sequences of calls
// The calls of a sequence go to the contract's own functions and those of the contracts that it created, or to its
// targets. Cheatcodes and the console are where tests written for Foundry expect them
// (analyzer/devnet/foundry/session.hpp). The same input and seed give the same outcome.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/devnet/foundry/project.hpp"
#include "lang/compile.hpp"

namespace interlock::analyzer {

struct TestRunOptions {
    std::string filter;  // run only tests whose name contains this; empty: all
    std::uint64_t seed = 1;
    std::uint32_t runs = 256;                  // per test with parameters
    std::uint32_t sequences = 64, depth = 32;  // per invariant: number of sequences, and highest number of calls in each
    bool fail_on_revert = false;               // a drawn call that reverts counts as breaking the invariant
    foundry::Project project;                  // the tests' project
};

struct TestRun {
    enum class Kind : std::uint8_t { Scenario, Test, Invariant };
    Kind kind = Kind::Scenario;
    std::string name;         // "two withdrawals", "BankTest.test_deposit"
    std::uint64_t calls = 0;  // number of transactions sent
    std::uint64_t gas = 0;    // gas that they used; Test: the median of one call
    std::uint32_t runs = 1;
    std::uint32_t rejected = 0;               // Test: draws that vm.assume rejected
    std::optional<std::string> skipped;       // Test: the reason if it asked to be skipped
    std::vector<std::string> console;         // Test, Invariant: what the last call printed
    std::optional<lang::Diagnostic> failure;  // std::nullopt: it passed
    std::vector<std::string> sequence;        // Invariant: the calls that break it, as few as were found
    bool is_drawn = false;                    // whether the result depends on the seed

    [[nodiscard]] bool passed() const { return !failure; }
};

inline constexpr std::size_t max_interleavings = 10'000;

// Runs everything in the order of the source: scenarios, then each contract's tests and invariants. Only the compiled
// file's own tests run, not those of imported files.
[[nodiscard]] std::vector<TestRun> run_all(const lang::Compilation& compilation, const TestRunOptions& options);

}  // namespace interlock::analyzer
