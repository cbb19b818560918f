// The tests and invariants of one contract; what rehearse() does for each contract.
#pragma once

#include "analyzer/devnet/rehearsal.hpp"

namespace interlock::analyzer {

[[nodiscard]] std::vector<Rehearsal> rehearse_tests(const lang::Compilation& compilation, const lang::Artifact& contract,
                                                    const RehearsalOptions& options);

}  // namespace interlock::analyzer
