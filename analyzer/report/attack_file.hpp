// An attack as a file of the language: the attacker's contract, and a scenario that deploys the victims, repeats the
// attack and checks what came of it. `interlock scenario` runs it.
#pragma once

#include "analyzer/trace.hpp"

namespace interlock::analyzer {

// `victims`: the path of the attacked source, as an import in this file names it.
[[nodiscard]] std::string attack_file(const Trace& trace, const std::string& victims);

}  // namespace interlock::analyzer
