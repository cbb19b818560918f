// Calls that ran out of gas. A loop over a huge argument uses all gas, fails, and takes long; trying it twice is enough.
#pragma once

#include <algorithm>

#include "analyzer/explorer/plan.hpp"

namespace interlock::analyzer {

class Exhaustions {
  public:
    // Returns whether the call is given up from now on.
    bool note(const Call& call) {
        for (auto& [known, count] : calls_)
            if (known == call) return ++count == most_;
        calls_.emplace_back(call, 1);
        return false;
    }
    [[nodiscard]] bool are_enough_of(const Call& call) const {
        return std::ranges::any_of(calls_, [&](const auto& known) { return known.second >= most_ && known.first == call; });
    }

  private:
    static constexpr std::uint32_t most_ = 2;
    std::vector<std::pair<Call, std::uint32_t>> calls_;
};

}  // namespace interlock::analyzer
