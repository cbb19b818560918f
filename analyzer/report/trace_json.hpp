// Private to the trace: its JSON tree. (Kept apart so that no other header drags the JSON library in.)
#pragma once

#include <nlohmann/json.hpp>

#include "analyzer/trace.hpp"

namespace interlock::analyzer {

[[nodiscard]] nlohmann::ordered_json json_of(const Trace& trace);
[[nodiscard]] std::variant<Scenario, std::string> scenario_of(const nlohmann::ordered_json& json);

}  // namespace interlock::analyzer
