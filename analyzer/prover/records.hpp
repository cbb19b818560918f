// Records: numbers that entries only overwrite, and nobody reads but views: who came last, and when.
#pragma once

#include "analyzer/prover/flow.hpp"

namespace interlock::analyzer::prover {

// Returns variables at which nobody of `contracts` looks, nor asks views of the scope for them.
// Throws NotCovered and OutOfTime.
[[nodiscard]] std::set<Area> find_records(const CodeInScope& code, const std::vector<const ir::Contract*>& contracts);

}  // namespace interlock::analyzer::prover
