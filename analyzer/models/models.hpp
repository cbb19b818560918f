// The models that the program ships with, as data: their names, parameters and properties, and a function that searches.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/engine/report.hpp"

namespace interlock::analyzer::models {

struct Parameter {
    std::string_view name, meaning;
    int preset, least, most;
};

// One state of a trace, and the choice that led to it; at the start there is none.
struct Step {
    std::string choice;
    std::vector<engine::Variable> variables;
};

struct PropertyResult {
    engine::Property property;
    bool is_broken = false;
    std::vector<Step> trace;  // ends where the property is false; empty if it is not
    chain::Trace choices;     // the same as positions among the choices of each state
};

struct Result {
    engine::Report report;
    std::vector<PropertyResult> properties;
};

struct ModelEntry {
    std::string_view name, summary;
    std::span<const Parameter> parameters;
    bool has_symmetry, has_footprints;
    // `values` has one for each parameter, all in their ranges. `is_symmetric` is for those that have symmetry.
    std::function<Result(std::span<const int> values, bool is_symmetric, const engine::Options&)> search;
    bool takes_threads = true;
};

[[nodiscard]] std::span<const ModelEntry> all_models();

}  // namespace interlock::analyzer::models
