// Replies: what the attacker may return when she is called.
#pragma once

#include "analyzer/devnet/world.hpp"
#include "analyzer/explorer/observations.hpp"

namespace interlock::analyzer {

class Replies {
  public:
    Replies(const World& world, const Observations& observations) : world_(world), observations_(observations) {}

    // Returns values of the types that her caller declares, or her selector. With the level (candidates.hpp) grows their
    // number.
    [[nodiscard]] std::vector<vm::Bytes> to(const Activation& activation, std::uint32_t level) const;

  private:
    const World& world_;
    const Observations& observations_;
};

}  // namespace interlock::analyzer
