// Crowds: where a contract gives out only so much to everybody (5,000 tokens, 1,000 ether), a crowd has taken nearly all of it
// before she comes. That many calls are no matter of a search: one is measured, and then made as often as it takes.
#pragma once

#include <optional>

#include "analyzer/deadline.hpp"
#include "analyzer/system/system.hpp"

namespace interlock::analyzer {

// Returns the system behind the prelude of the root, with little left of what others could take, or std::nullopt if no call
// comes nearer to a limit each time, or if there are too many of them to make.
[[nodiscard]] std::optional<Root> crowded(const Root& root, const Deadline& deadline);

}  // namespace interlock::analyzer
