// Code for chains before the fork that the compiler writes for: instructions that such a fork does not have become
// sequences of those that it has.
//
//     before (Istanbul)          after
//         PUSH 0                     PUSH1 0x00
//         MCOPY                      a call of the identity precompile
//
// What a fork cannot do at all becomes INVALID (CREATE2), or what comes nearest: REVERT becomes INVALID before Byzantium,
// there is no return data, and a STATICCALL is a CALL.
#pragma once

#include "lang/codegen/assembly.hpp"
#include "vm/fork.hpp"

namespace interlock::lang::codegen {

// Run it last: the passes before know the newer instructions.
void rewrite_for(Assembly& assembly, vm::Fork fork);

}  // namespace interlock::lang::codegen
