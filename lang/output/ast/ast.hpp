// The syntax tree in the format of solc's compact JSON AST, for tools that read it. (Solidity documentation, "Output
// Description": `sources` → `ast`.)
//
// Node kinds, places, names and types are solc's; node numbers are our own, and consistent within a compilation.
// Specifications are not included: the tree is that of the plain Solidity that a file means. It leaves out
// internalFunctionIDs and isSimpleCounterLoop.
#pragma once

#include <vector>

#include "lang/output/ast/ids.hpp"
#include "lang/output/json.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang::ast {

// Returns one SourceUnit for each file of a checked program without errors, in the order of its units. solc sorts the keys.
// `ids` are those of the program's tree; `file_numbers` are by the files of its sources.
[[nodiscard]] std::vector<Json> source_units(const Program& program, NodeIds& ids,
                                             const std::vector<std::uint32_t>& file_numbers);

}  // namespace interlock::lang::ast
