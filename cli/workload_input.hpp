// Reads what clients of a simulated network send, and writes pages about it.
#pragma once

#include <memory>
#include <string>

#include "chain/sim/workload.hpp"

namespace interlock::cli {

// Throws an exit code, with a message on stderr, if the file cannot be used.
[[nodiscard]] std::shared_ptr<const chain::sim::Workload> workload_of(const std::string& path);

// Writes a file; throws an exit code, with a message on stderr, if that fails.
void write_or_say(const std::string& path, std::string_view text);

}  // namespace interlock::cli
