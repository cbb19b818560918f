// Records: numbers that entries only overwrite, or only add to, and nobody reads but views: who came last, and how often.
#pragma once

#include "analyzer/prover/flow.hpp"

namespace interlock::analyzer::prover {

// Returns variables and mappings at which nobody of `contracts` looks, nor asks views of the scope for them, and of which no
// invariant says anything.
// Throws NotCovered and OutOfTime.
[[nodiscard]] std::set<Area> find_records(const CodeInScope& code, const std::vector<const ir::Contract*>& contracts);

}  // namespace interlock::analyzer::prover
