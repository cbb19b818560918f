#include "analyzer/explorer/lessons.hpp"

#include <algorithm>

namespace interlock::analyzer {

bool Lessons::add(const vm::Word& value, Worth worth) {
    constexpr std::size_t most = 8, most_met = 64;
    const auto known = met_.find(value);
    if (known == met_.end() ? met_.size() >= most_met : known->second >= worth) return false;
    met_[value] = worth;
    if (const auto at = std::find(values_.begin(), values_.end(), value); at != values_.end()) {
        worths_.erase(worths_.begin() + (at - values_.begin()));
        values_.erase(at);
    }
    // The latest of what had to be equal comes first; of the rest, what was learned first.
    const std::ptrdiff_t place =
        worth == Worth::Required ? 0 : std::ranges::count_if(worths_, [&](Worth each) { return each >= worth; });
    if (static_cast<std::size_t>(place) >= most) return false;
    values_.insert(values_.begin() + place, value);
    worths_.insert(worths_.begin() + place, worth);
    values_.resize(std::min(values_.size(), most));
    worths_.resize(values_.size());
    return true;
}

}  // namespace interlock::analyzer
