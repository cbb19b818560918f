// What somebody may have meant by a mistyped word.
#pragma once

#include <cstddef>
#include <string_view>

namespace interlock::lang {

// Levenshtein; a swap of neighbours counts one.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// The closest of `candidates` that is near enough to be meant, or empty.
template <class Candidates>
[[nodiscard]] std::string_view closest(std::string_view name, const Candidates& candidates) {
    std::string_view best;
    std::size_t best_distance = name.size() <= 2 ? 2 : name.size() / 3 + 2;  // not near enough
    for (const std::string_view candidate : candidates) {
        if (candidate.empty() || candidate == name) continue;
        const std::size_t distance = edit_distance(name, candidate);
        if (distance < best_distance) best = candidate, best_distance = distance;
    }
    return best;
}

}  // namespace interlock::lang
