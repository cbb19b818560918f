// One scenario on a stage; what rehearse() does for each.
#pragma once

#include "analyzer/devnet/rehearsal.hpp"
#include "lang/scenario.hpp"

namespace interlock::analyzer {

[[nodiscard]] Rehearsal rehearse_scenario(const lang::Compilation& compilation, const lang::CompiledScenario& scenario);

}  // namespace interlock::analyzer
