// Reads from a trace file what is to be run again. Private to replaying. (Only code that reads JSON includes the
// library; code that writes it uses lang/output/json.hpp.)
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "analyzer/trace.hpp"

namespace interlock::analyzer {

[[nodiscard]] std::variant<AttackScript, std::string> script_of(const nlohmann::json& trace);  // or why it is not a trace

}  // namespace interlock::analyzer
