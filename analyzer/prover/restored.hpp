// Restored: variables that whoever sets them sets back before he ends, as a bridge does with whom the message that it delivers
// comes from: `outer = sender; sender = m.sender; …call…; sender = outer;`.
#pragma once

#include "analyzer/prover/flow.hpp"

namespace interlock::analyzer::prover {

// Finds what sets them, and what only remembers what they were. Throws NotCovered and OutOfTime.
void find_restored(CodeInScope& code);

}  // namespace interlock::analyzer::prover
