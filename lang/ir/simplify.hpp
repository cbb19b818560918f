// Simplifies a function fresh from the builder. Before and after:
//
//     b0(%0): jump b1(%0)                         b0(%0): branch %0 ? b1 : b2
//     b1(%1): branch %1 ? b2(%1) : b3             …
//     b4(): …                                     (b4 was unreachable)
//
// It works in this order: unreachable blocks are removed; block parameters that only ever receive one value become that
// value; a block is joined to its only predecessor if that jumps to it; unused values are removed; blocks are put in
// reverse postorder, values numbered in the order of their definitions, loop heads marked.
#pragma once

#include "lang/ir/ir.hpp"

namespace interlock::lang::ir {

void simplify(ir::Function& function);

}  // namespace interlock::lang::ir
