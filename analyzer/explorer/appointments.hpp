// Appointments: variables that say who plays a part, an oracle or a strategy. Where only the owner can set one, she sets it to
// whom she trusts, never to the attacker's contract.
#pragma once

#include <vector>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

class Appointments {
  public:
    explicit Appointments(World& world);

    [[nodiscard]] bool are_none() const { return places_.empty(); }
    // Returns how many of the parts are the attacker's now.
    [[nodiscard]] std::size_t hers() const;

  private:
    struct Place {
        Address contract;
        Word slot;
        unsigned offset = 0;  // bytes
    };
    World& world_;
    std::vector<Place> places_;
};

}  // namespace interlock::analyzer
