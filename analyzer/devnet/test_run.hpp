// Test runs: scenarios and tests of one compilation, run on a devnet before anything is deployed.
//
// A scenario is a block of the language (lang/lower/scenario.hpp). Tests are functions as Foundry has them: for each contract
// with such functions it is deployed, `setUp()` called, and from there
//   test…()             must not revert; with parameters it is called with values drawn from the seed
//   invariant_…()       must not revert, nor give false, after any of a number of drawn sequences of calls of the
//                       contract's own functions and of those of the contracts that it created, or of what it targets
// Cheatcodes and the console are where tests written for Foundry expect them (foundry/session.hpp).
// The same input and seed give the same outcome.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/devnet/foundry/project.hpp"
#include "lang/compile.hpp"

namespace interlock::analyzer {

struct TestRunOptions {
    std::string filter;  // only what has this in its name; empty: everything
    std::uint64_t seed = 1;
    std::uint32_t runs = 256;                  // of a test with parameters
    std::uint32_t sequences = 64, depth = 32;  // of an invariant: how many, and of how many calls at most
    bool fail_on_revert = false;               // a drawn call that reverts breaks an invariant
    foundry::Project project;                  // that the tests belong to
};

struct TestRun {
    enum class Kind : std::uint8_t { Scenario, Test, Invariant };
    Kind kind = Kind::Scenario;
    std::string name;         // "two withdrawals", "BankTest.test_deposit"
    std::uint64_t calls = 0;  // transactions that were sent
    std::uint64_t gas = 0;    // that they used; Test: of one call, the median
    std::uint32_t runs = 1;
    std::uint32_t rejected = 0;               // Test: draws that vm.assume did not like
    std::optional<std::string> skipped;       // Test: it asked to be left out, and why
    std::vector<std::string> console;         // Test, Invariant: what the last call printed
    std::optional<lang::Diagnostic> failure;  // none: it passed
    std::vector<std::string> sequence;        // Invariant: the calls that break it, as few as could be found
    bool is_drawn = false;                    // the seed decided about it

    [[nodiscard]] bool passed() const { return !failure; }
};

inline constexpr std::size_t max_interleavings = 10'000;

// In the order of the source: scenarios, then contract by contract its tests and invariants. Of the compiled file alone;
// what it imports is another file's business.
[[nodiscard]] std::vector<TestRun> run_all(const lang::Compilation& compilation, const TestRunOptions& options);

}  // namespace interlock::analyzer
