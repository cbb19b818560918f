// Runs the tests and invariants of one contract; run_all() calls this for each contract.
#pragma once

#include "analyzer/devnet/test_run.hpp"

namespace interlock::analyzer {

[[nodiscard]] std::vector<TestRun> run_tests(const lang::Compilation& compilation, const lang::Artifact& contract,
                                             const TestRunOptions& options);

}  // namespace interlock::analyzer
