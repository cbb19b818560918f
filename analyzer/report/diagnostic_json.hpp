// The compiler's diagnostics as JSON: {"severity","code","message","file","line","column","label","help"} each.
#pragma once

#include "lang/diagnostics/diagnostic.hpp"
#include "lang/output/json.hpp"

namespace interlock::analyzer {

[[nodiscard]] Json diagnostics_json(const lang::Diagnostics& diagnostics, const lang::Sources& sources);

}  // namespace interlock::analyzer
