// Code of hers that others name to be run: a router, a strategy. Who puts a contract on a list of such code trusts it, which is
// more than to let somebody in who calls.
#pragma once

#include <set>
#include <utility>
#include <vector>

#include "analyzer/explorer/candidates.hpp"

namespace interlock::analyzer {

class NamedCode {
  public:
    // Notes what alice might do with it, and cannot yet. Nobody but the owner calls what is `privileged`.
    NamedCode(World& world, Candidates& candidates, const std::set<std::pair<DeployedIndex, std::uint32_t>>& privileged);

    // Returns whether alice can do any of that now: a call that names her contract gets as far as calling it, with data.
    [[nodiscard]] bool is_run();

  private:
    bool runs(const Call& call);

    World& world_;
    std::vector<Call> calls_;
};

}  // namespace interlock::analyzer
