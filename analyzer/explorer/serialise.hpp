// Serialisations: the same calls one after the other, without any re-entry.
//
// A re-entrant run is harmful only if no serial order of its calls has the same effect: a contract whose every run
// equals a serial one is effectively callback-free (Grossman et al., POPL 2018).
#pragma once

#include <set>

#include "analyzer/devnet/invariants.hpp"

namespace interlock::analyzer {

struct Serialisations {
    std::uint32_t orders = 0;     // number of orders that were run
    bool all = true;              // false: the limit or the time did not allow all
    Word best_wealth;             // the attacker's wealth in the best order
    std::set<PropertyId> broken;  // invariants that some serial order breaks, too
};

inline constexpr std::uint32_t max_orders = 720;

// `start` is the world in which the plan begins.
[[nodiscard]] Serialisations serialise(const World& start, const Plan& plan, const Deadline& deadline = {});

}  // namespace interlock::analyzer
