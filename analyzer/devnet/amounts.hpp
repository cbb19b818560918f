// Formats amounts of wei for people.
#pragma once

#include <string>

#include "vm/word.hpp"

namespace interlock::analyzer {

// Returns "1 ether", "0.5 ether", "3": exact, and a literal of the language.
[[nodiscard]] std::string format_wei(const vm::Word& wei);

// The same for reading only: a value that has wrapped around below zero becomes "2^256 - 1 ether".
[[nodiscard]] std::string describe_wei(const vm::Word& wei);

// The same for reading only, in ether however many decimals that takes, where that reads better: below a billion wei
// it does not.
[[nodiscard]] std::string format_ether(const vm::Word& wei);

}  // namespace interlock::analyzer
