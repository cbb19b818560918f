// Code that ends alike is written once. Before and after:
//
//     A: x MSTORE PUSH 4 PUSH 0 REVERT             A: x MSTORE
//     B: y MSTORE PUSH 4 PUSH 0 REVERT             T: PUSH 4 PUSH 0 REVERT
//                                                  B: y MSTORE PUSH T JUMP
//
// The jump costs gas where the code runs, so this is done where the call fails. Blocks that are equal as a whole become one
// everywhere, which costs nothing: jumps to one become jumps to the other.
#pragma once

#include "lang/codegen/assembly.hpp"

namespace interlock::lang::codegen {

// Returns whether anything was merged. Jumps to jumps and code that nothing reaches are left to the peephole pass.
bool merge_tails(Assembly& assembly);

}  // namespace interlock::lang::codegen
