// Writes an attack as a file of the language: the attacker's contract, and a scenario that deploys the victims, repeats
// the attack and checks its effect. `interlock scenario` runs it.
#pragma once

#include "analyzer/trace.hpp"

namespace interlock::analyzer {

// `victims` is the path of the attacked source, as this file imports it.
[[nodiscard]] std::string attack_file(const Trace& trace, const std::string& victims);

}  // namespace interlock::analyzer
