// Finds the word that a mistyped word may stand for.
#pragma once

#include <cstddef>
#include <string_view>

namespace interlock::lang {

// The Levenshtein distance, in which exchanging two neighbours counts as one.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// Returns the closest of `candidates` if it is near enough, otherwise an empty text.
template <class Candidates>
[[nodiscard]] std::string_view closest(std::string_view name, const Candidates& candidates) {
    std::string_view best;
    std::size_t best_distance = name.size() <= 2 ? 2 : name.size() / 3 + 2;  // too far to be meant
    for (const std::string_view candidate : candidates) {
        if (candidate.empty() || candidate == name) continue;
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < best_distance) best = candidate, best_distance = distance;
    }
    return best;
}

}  // namespace interlock::lang
