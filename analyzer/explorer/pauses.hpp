// Pauses: how much time may pass before a transaction, where code reads the time at all.
#pragma once

#include <vector>

#include "analyzer/devnet/world.hpp"
#include "analyzer/explorer/observations.hpp"

namespace interlock::analyzer {

struct Pause {
    Wait wait;
    std::uint32_t cost = 0;  // in calls
};

class Pauses {
  public:
    // Looks for constants of the contracts that may be durations.
    Pauses(const World& world, const Observations& observations);

    // Returns the pauses worth trying at a block: until the last moment that a comparison named, which costs nothing, and
    // others, each of which costs as much as a call. `few`: the first of them only.
    [[nodiscard]] std::vector<Pause> at(const vm::BlockContext& block, bool few, bool with_durations) const;

  private:
    const Observations& observations_;
    std::vector<std::uint64_t> durations_;  // seconds, the longest first
};

}  // namespace interlock::analyzer
