// Usage: which functions of a system do something for whom, in the state that the system is in. Found by running them.
#pragma once

#include <set>
#include <utility>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/system/attempts.hpp"

namespace interlock::analyzer {

class Usage {
  public:
    using Function = std::pair<DeployedIndex, std::uint32_t>;

    // The world keeps its history, the attacker is in place, and her contract is a stranger to the execution's machine.
    Usage(World& world, chain::Execution& execution, Candidates& candidates, const Deadline& deadline)
        : world_(world), execution_(execution), candidates_(candidates), deadline_(deadline), attempts_(world.state()) {}

    // Returns the functions of which a call by the sender passes and changes something. Some need not be tried.
    [[nodiscard]] std::set<Function> of(std::uint32_t sender, const std::set<Function>& but = {});
    [[nodiscard]] std::set<Function> of_attacker(const std::set<Function>& but = {});  // her contract
    // Returns the functions that work for the owner and not for alice.
    [[nodiscard]] std::set<Function> of_owner_alone();

  private:
    std::set<Function> working(Caller kind, std::uint32_t caller, const std::set<Function>& but);
    bool attempt(std::uint32_t caller, const Call& call);  // returns whether it passes and changes something

    World& world_;
    chain::Execution& execution_;
    Candidates& candidates_;
    const Deadline& deadline_;
    Attempts attempts_;
};

}  // namespace interlock::analyzer
