// Runs one scenario on a devnet; run_all() calls this for each.
#pragma once

#include "analyzer/devnet/test_run.hpp"
#include "lang/scenario.hpp"

namespace interlock::analyzer {

[[nodiscard]] TestRun run_scenario(const lang::Compilation& compilation, const lang::CompiledScenario& scenario);

}  // namespace interlock::analyzer
