// Combinations of choices, those with early choices first: lists of candidates begin with what is most likely.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace interlock::analyzer {

// Calls visit(indices) with an index into each of the lists, at most `most` times: those with the smallest sum first, and of
// the same sum those with the smaller first index.
template <class Visit>
void visit_combinations(const std::vector<std::size_t>& sizes, std::size_t most, const Visit& visit) {
    if (std::ranges::count(sizes, std::size_t{0}) != 0) return;
    std::vector<std::size_t> behind(sizes.size() + 1, 0);  // the largest sum that the lists from here on can add
    for (std::size_t i = sizes.size(); i-- > 0;) behind[i] = behind[i + 1] + sizes[i] - 1;
    std::vector<std::size_t> indices(sizes.size(), 0);
    std::size_t visited = 0;
    const auto from = [&](const auto& self, std::size_t list, std::size_t sum) -> void {
        if (visited == most) return;
        if (list == sizes.size()) {
            ++visited;
            return visit(indices);
        }
        const std::size_t least = sum > behind[list + 1] ? sum - behind[list + 1] : 0;
        for (std::size_t i = least; i < sizes[list] && i <= sum; ++i) {
            indices[list] = i;
            self(self, list + 1, sum - i);
        }
    };
    for (std::size_t sum = 0; sum <= behind.front() && visited < most; ++sum) from(from, 0, sum);
}

}  // namespace interlock::analyzer
