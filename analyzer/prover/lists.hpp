// Lists that only views read: calls do no more to them than to put something at their end (a factory's pools, the holders of
// a token). In which order they do that shows in what the views list, and nowhere else.
#pragma once

#include "analyzer/prover/flow.hpp"

namespace interlock::analyzer::prover {

// Returns the instructions that put something at the end of such a list. Throws NotCovered and OutOfTime.
[[nodiscard]] std::set<const ir::Instruction*> find_listing(const CodeInScope& code);
// Returns what writes new elements of arrays that grow. Throws NotCovered and OutOfTime.
[[nodiscard]] std::set<const ir::Instruction*> find_pushing(const CodeInScope& code);
// Returns the arrays, by contract and variable, that grow and to the elements of which nothing is written but by pushes, which
// write behind the length. Throws NotCovered and OutOfTime.
[[nodiscard]] std::set<std::pair<std::uint32_t, std::uint32_t>> find_appended(const CodeInScope& code);

}  // namespace interlock::analyzer::prover
