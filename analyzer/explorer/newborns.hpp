// Newborns: contracts that a run created where nobody could expect one, as CREATE2 does: the address follows from a salt and
// from the code. Whoever runs a search tells what he met. From then on all searches of that system expect a contract there,
// each in the same order, so that a plan of one means the same in another.
#pragma once

#include <algorithm>
#include <mutex>
#include <vector>

#include "analyzer/system/recipe.hpp"

namespace interlock::analyzer {

class Newborns {
  public:
    // Notes a contract by the step that expects it, if there is room. Where a re-entry left what no order leaves, there is
    // more of it.
    void tell(const SetupStep& step, bool is_unserial) {
        const std::lock_guard lock(mutex_);
        const bool is_known = std::ranges::count(steps_, step) != 0;
        if (!is_known && steps_.size() < (is_unserial ? most_ : most_of_usual_)) steps_.push_back(step);
    }
    // Returns the steps that came behind the first ones.
    [[nodiscard]] std::vector<SetupStep> behind(std::size_t first) {
        const std::lock_guard lock(mutex_);
        return {steps_.begin() + static_cast<std::ptrdiff_t>(std::min(first, steps_.size())), steps_.end()};
    }
    [[nodiscard]] bool has_room(bool is_unserial) {
        const std::lock_guard lock(mutex_);
        return steps_.size() < (is_unserial ? most_ : most_of_usual_);
    }

  private:
    static constexpr std::size_t most_of_usual_ = 6, most_ = 12;

    std::mutex mutex_;
    std::vector<SetupStep> steps_;
};

}  // namespace interlock::analyzer
