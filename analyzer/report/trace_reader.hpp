// Private to replaying: what is to be run again, from a trace's file. (Only what reads JSON includes the library for it;
// what writes it has lang/output/json.hpp.)
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "analyzer/trace.hpp"

namespace interlock::analyzer {

[[nodiscard]] std::variant<AttackScript, std::string> script_of(const nlohmann::json& trace);  // or why it is no trace

}  // namespace interlock::analyzer
