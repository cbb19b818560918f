// What the compiler said, as JSON: {"severity","code","message","file","line","column","label","help"} each.
#pragma once

#include "lang/diagnostic.hpp"
#include "lang/json.hpp"

namespace interlock::analyzer {

[[nodiscard]] Json diagnostics_json(const lang::Diagnostics& diagnostics, const lang::Sources& sources);

}  // namespace interlock::analyzer
