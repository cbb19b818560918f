// Ethereum's state tests: a world, one transaction, and the root and logs that must come of it.
// (The format is described in the documentation of ethereum/tests and ethereum/execution-spec-tests.)
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "vm/fork.hpp"

namespace interlock::conformance {

struct CaseResult {
    enum Kind : std::uint8_t {
        Passed,
        Failed,
        Unavailable,  // it calls a precompile that this machine does not have
        Unsupported,  // a kind of transaction that there is not yet
    };
    Kind kind = Passed;
    std::string name;  // test[fork][data, gas, value]
    std::string why;   // unless passed
};

// Runs all cases of a file for these forks, in the file's order. A malformed file is one failed case.
[[nodiscard]] std::vector<CaseResult> run_state_tests(const std::filesystem::path& file,
                                                      const std::set<vm::Fork>& forks);

}  // namespace interlock::conformance
