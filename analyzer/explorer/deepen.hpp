// Deeper re-entry: what pays a little each time is repeated until it pays.
#pragma once

#include <optional>

#include "analyzer/explorer/plan.hpp"

namespace interlock::analyzer {

// Returns the first call that she makes again while it waits for her, as she makes it then, or null.
[[nodiscard]] const Call* repeated_call(const Plan& plan);

// Returns the plan with `more` further repetitions of that call, each during the one before; std::nullopt if there is
// none.
[[nodiscard]] std::optional<Plan> deepened(const Plan& plan, std::uint32_t more);

}  // namespace interlock::analyzer
