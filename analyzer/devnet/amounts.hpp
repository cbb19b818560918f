// Amounts of wei as people read them.
#pragma once

#include <string>

#include "vm/word.hpp"

namespace interlock::analyzer {

// "1 ether", "0.5 ether", "3"; exact, and a literal of the language.
[[nodiscard]] std::string format_wei(const vm::Word& wei);

// The same for reading: what has wrapped around below zero is "2^256 - 1 ether".
[[nodiscard]] std::string describe_wei(const vm::Word& wei);

}  // namespace interlock::analyzer
