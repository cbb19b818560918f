// Runs one scenario on a devnet; run_all() calls this for each. A check may start where one ends.
#pragma once

#include "analyzer/devnet/devnet.hpp"
#include "analyzer/devnet/test_run.hpp"
#include "lang/scenario.hpp"

namespace interlock::analyzer {

// Plays the scenario on a devnet whose libraries are in place; accounts that exist are its actors of that name. Returns
// why it failed, or nothing. Then the devnet is as it was.
[[nodiscard]] std::optional<lang::Diagnostic> play(Devnet& devnet, const lang::CompiledScenario& scenario);

[[nodiscard]] TestRun run_scenario(const lang::Compilation& compilation, const lang::CompiledScenario& scenario);

}  // namespace interlock::analyzer
