// The syntax tree in the shape of solc's compact JSON AST, for tools that read that. (Solidity documentation, "Output
// Description": `sources` → `ast`.)
//
// Node kinds, places, names and types are solc's; the numbers of nodes are our own, and consistent within a
// compilation. Specifications are no part of it: it is the tree of the plain Solidity that a file means. Left out is
// what only solc's call graph gives: usedErrors, usedEvents, internalFunctionIDs, isSimpleCounterLoop.
#pragma once

#include <vector>

#include "lang/output/ast/ids.hpp"
#include "lang/output/json.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang::ast {

// One SourceUnit for each file of a checked program without errors, in the order of its units; solc sorts the keys.
[[nodiscard]] std::vector<Json> source_units(const Program& program);

}  // namespace interlock::lang::ast
