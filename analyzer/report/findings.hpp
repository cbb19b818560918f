// The explanation of each finding of `check`, for `interlock explain` and for the rules of a SARIF file.
#pragma once

#include <span>
#include <string_view>

#include "analyzer/verdict.hpp"

namespace interlock::analyzer {

struct Finding {
    std::string_view id, title;  // "R001", "a re-entry leaves the attacker richer"
    std::string_view text;       // lines, each with its end
};

[[nodiscard]] std::span<const Finding> findings();

// Returns null if there is no such finding.
[[nodiscard]] const Finding* find_finding(std::string_view id);

}  // namespace interlock::analyzer
