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

// Whether storage is only written by name, and by the contract's own code.
[[nodiscard]] bool writes_by_name(const ir::Contract& contract);

// Finds what contracts of the scope never say of themselves in mappings in which everybody does, and nobody of others.
void find_unsaid(CodeInScope& code);

}  // namespace interlock::analyzer::prover
