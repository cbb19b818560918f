// The tests and invariants of one contract; what run_all() does for each contract.
#pragma once

#include "analyzer/devnet/test_run.hpp"

namespace interlock::analyzer {

[[nodiscard]] std::vector<TestRun> run_tests(const lang::Compilation& compilation, const lang::Artifact& contract,
                                             const TestRunOptions& options);

}  // namespace interlock::analyzer
