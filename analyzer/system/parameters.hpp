// Parameters: which values of a function's code are those that its caller gave.
#pragma once

#include <cstdint>
#include <set>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer {

// Returns the values that are the parameter, as its entry has it, or as it takes it from the call data if it decodes that
// itself. Empty: it is not known.
[[nodiscard]] std::set<std::uint32_t> values_of_parameter(const lang::ir::Function& function, std::size_t parameter);

// Returns the values that are the word.
[[nodiscard]] std::set<std::uint32_t> constants_of(const lang::ir::Function& function, const lang::ir::Word& word);

// What cuts a word to an address.
[[nodiscard]] inline lang::ir::Word mask_of_address() { return (lang::ir::Word{1} << 160u) - lang::ir::Word{1}; }

}  // namespace interlock::analyzer
