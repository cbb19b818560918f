// Offspring: contracts of the scope that entries make, one after the other, and where a contract keeps which they are.
#pragma once

#include "analyzer/prover/code_scope.hpp"

namespace interlock::analyzer::prover {

// Fills in which words only hold offspring, and which mappings only have entries under them. Throws NotCovered and OutOfTime.
void find_offspring(CodeInScope& code);

}  // namespace interlock::analyzer::prover
