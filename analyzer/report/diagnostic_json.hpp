// What the compiler said, as JSON: {"severity","code","message","file","line","column","label","help"} each.
#pragma once

#include <nlohmann/json.hpp>

#include "lang/diagnostic.hpp"

namespace interlock::analyzer {

[[nodiscard]] nlohmann::ordered_json diagnostics_json(const lang::Diagnostics& diagnostics, const lang::Sources& sources);

}  // namespace interlock::analyzer
