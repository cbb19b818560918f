// The output of tests: console.log, and the events of old assertions.
#pragma once

#include <optional>
#include <string>

#include "vm/host.hpp"

namespace interlock::analyzer::foundry {

// Returns the line that a call to the console's address prints, or std::nullopt if it is not a console.log function.
[[nodiscard]] std::optional<std::string> console_line(vm::ByteView input);

// Returns the line for an event log(…), logs(…) or log_named_…(…), or std::nullopt for any other event.
[[nodiscard]] std::optional<std::string> event_line(const vm::Log& log);

}  // namespace interlock::analyzer::foundry
