// One run of a model, whose choices a Chooser makes: at random, from a script, or one after the other.
#pragma once

#include "analyzer/engine/model.hpp"
#include "chain/chooser.hpp"

namespace interlock::analyzer::engine {

// Makes at most `most_steps` choices, and ends early in a state without any, or in one where a property is false. Returns
// the properties that are false at the end.
template <Model M>
std::uint32_t walk(M& model, chain::Chooser& chooser, std::size_t most_steps) {
    std::vector<typename M::Choice> choices;
    for (std::size_t step = 0; step < most_steps && model.broken() == 0; ++step) {
        choices.clear();
        model.choices([&](const typename M::Choice& choice) { choices.push_back(choice); });
        if (choices.empty()) break;
        (void)model.apply(choices[chooser.choose("step", static_cast<std::uint32_t>(choices.size()))]);
    }
    return model.broken();
}

}  // namespace interlock::analyzer::engine
