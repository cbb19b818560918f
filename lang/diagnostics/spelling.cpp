#include "lang/diagnostics/spelling.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace interlock::lang {

namespace {
constexpr std::size_t longest_compared = 64;  // longer names are not worth a suggestion
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    if (a.size() > longest_compared || b.size() > longest_compared) return longest_compared;
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
        }
        std::swap(before, above);
        std::swap(above, row);
    }
    return above[b.size()];
}

}  // namespace interlock::lang
