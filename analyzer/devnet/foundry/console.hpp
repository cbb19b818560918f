// What tests print: console.log, and the events of old assertions.
#pragma once

#include <optional>
#include <string>

#include "vm/host.hpp"

namespace interlock::analyzer::foundry {

// The line that a call of the console's address prints; nullopt: it is none of console.log's.
[[nodiscard]] std::optional<std::string> console_line(vm::ByteView input);

// The line that an event log(…), logs(…) or log_named_…(…) is; nullopt: it is another event.
[[nodiscard]] std::optional<std::string> event_line(const vm::Log& log);

}  // namespace interlock::analyzer::foundry
