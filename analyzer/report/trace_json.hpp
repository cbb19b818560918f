// Private to the trace: its JSON tree, written in an order of its own and read in any. (Kept apart so that no other
// header drags the JSON library in.)
#pragma once

#include <nlohmann/json.hpp>

#include "analyzer/trace.hpp"

namespace interlock::analyzer {

[[nodiscard]] nlohmann::ordered_json json_of(const Trace& trace);
[[nodiscard]] std::variant<AttackScript, std::string> script_of(const nlohmann::json& trace);  // or why it is no trace

}  // namespace interlock::analyzer
