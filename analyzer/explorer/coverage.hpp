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
    // Returns the conditions that runs met and none got past, where what lies behind is more than a failure: ranges of the
    // source in ascending order, each once.
    [[nodiscard]] std::vector<lang::SourceRange> barriers(const lang::Compilation& compilation) const;

  private:
    struct Sides {
        std::shared_ptr<const vm::Code> code;  // with the immutables of one instance
        std::set<std::uint64_t> taken;
        std::uint64_t all = 0;

        [[nodiscard]] bool has(std::uint64_t pc, bool jumps) const { return taken.contains(2 * pc + (jumps ? 1 : 0)); }
    };
    std::map<ArtifactIndex, Sides> contracts_;
};

}  // namespace interlock::analyzer
