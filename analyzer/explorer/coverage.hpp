// Coverage: which sides of the conditional jumps in the contracts' code were taken by any run of a search.
#pragma once

#include <map>
#include <set>

#include "analyzer/devnet/world.hpp"
#include "analyzer/explorer/observations.hpp"

namespace interlock::analyzer {

class Coverage {
  public:
    // Adds what the runs in this world showed. A contract that is deployed several times counts once.
    void add(World& world, const Observations& observations);

    [[nodiscard]] std::uint64_t taken() const;
    [[nodiscard]] std::uint64_t all() const;

  private:
    struct Sides {
        std::set<std::uint64_t> taken;
        std::uint64_t all = 0;
    };
    std::map<ArtifactIndex, Sides> contracts_;
};

}  // namespace interlock::analyzer
