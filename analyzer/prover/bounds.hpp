// Bounds of the numbers in storage: those of lengths, which assembly may break, and of variables.
#pragma once

#include "analyzer/prover/flow.hpp"

namespace interlock::analyzer::prover {

// Finds lengths that are written otherwise than the language does. Throws OutOfTime.
void find_odd_lengths(CodeInScope& code);

// Finds what variables hold at most. Throws NotCovered and OutOfTime.
void find_bounds(CodeInScope& code);

// Finds variables that hold nothing but zero.
void find_zeros(CodeInScope& code);

}  // namespace interlock::analyzer::prover
