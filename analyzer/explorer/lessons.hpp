// Lessons: the numbers that runs showed to be worth choosing for one argument, the likeliest first.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "vm/word.hpp"

namespace interlock::analyzer {

class Lessons {
  public:
    // Why a number may be worth choosing: it follows from a comparison by a guess; what was chosen was compared with it;
    // that made the run fail; they had to be equal.
    enum class Worth : std::uint8_t { Derived, Met, Limit, Required };

    // Returns whether the list is another one now. What was dropped for something likelier does not come back.
    bool add(const vm::Word& value, Worth worth);
    [[nodiscard]] const std::vector<vm::Word>& values() const { return values_; }

  private:
    std::vector<vm::Word> values_;
    std::vector<Worth> worths_;  // of each, descending
    std::map<vm::Word, Worth> met_;
};

}  // namespace interlock::analyzer
