// A run told while it goes on: a row each time that simulated time has come to 1, 2 or 5 times a power of ten.
//
// Rows are a function of the run alone, not of how long it takes, so that one seed prints one table. However long the run,
// there are few of them.
#pragma once

#include "chain/sim/simulation.hpp"

namespace interlock::chain::sim {

class ProgressTable {
  public:
    // The rows for all times that are over before the next event, which is at `next`; with a heading before the first.
    [[nodiscard]] std::string rows_before(Nanoseconds next, const Simulation& simulation);
    [[nodiscard]] bool is_empty() const { return rows_ == 0; }

  private:
    Nanoseconds due_ = 100 * millisecond;
    std::uint64_t rows_ = 0;
};

}  // namespace interlock::chain::sim
