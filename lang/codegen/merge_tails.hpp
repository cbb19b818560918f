// Code that ends alike is written once. Before and after:
//
//     A: x MSTORE PUSH 4 PUSH 0 REVERT             A: x MSTORE
//     B: y MSTORE PUSH 4 PUSH 0 REVERT             T: PUSH 4 PUSH 0 REVERT
//                                                  B: y MSTORE PUSH T JUMP
//
// What it costs is a jump where the code runs, so whether it pays is a question of how often that is. Blocks that are equal
// as a whole become one for nothing: who jumped to one jumps to the other.
#pragma once

#include "lang/codegen/cost.hpp"

namespace interlock::lang::codegen {

// Whether anything was merged. What it leaves is for the peephole pass: jumps to jumps, code that is not reached.
bool merge_tails(Assembly& assembly, const CostModel& cost);

}  // namespace interlock::lang::codegen
