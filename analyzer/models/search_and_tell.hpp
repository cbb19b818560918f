// Searches a model, and tells what was found as text: each property that is false with its trace.
#pragma once

#include "analyzer/engine/search.hpp"
#include "analyzer/models/models.hpp"

namespace interlock::analyzer::models {

template <engine::Model M>
std::vector<Step> steps(M model, const chain::Trace& choices) {
    std::vector<Step> steps{{"", model.variables()}};
    for (const std::uint32_t position : choices) {
        std::vector<typename M::Choice> all;
        model.choices([&all](const typename M::Choice& choice) { all.push_back(choice); });
        std::string text = model.describe(all.at(position));
        (void)model.apply(all[position]);
        steps.push_back({std::move(text), model.variables()});
    }
    return steps;
}

template <engine::Model M>
Result search_and_tell(const M& start, const engine::Options& options) {
    Result result{engine::search(start, options), {}};
    for (const engine::Property& property : M::properties) result.properties.push_back({property, false, {}, {}});
    for (const engine::Broken& broken : result.report.broken) {
        PropertyResult& property = result.properties.at(broken.property);
        property.is_broken = true;
        property.choices = broken.trace;
        property.trace = steps(start, broken.trace);
    }
    return result;
}

}  // namespace interlock::analyzer::models
