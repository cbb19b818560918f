// Loops of a function: where they begin, and what a round may change.
#pragma once

#include <memory>

#include "analyzer/prover/effects.hpp"

namespace interlock::analyzer::prover {

// All blocks of a loop together.
struct LoopBody {
    std::vector<bool> writes;  // by leaf: what a round may write, strangers that are called in it included
    bool moves_ether = false;
};

// The loops of the functions of one contract. A loop begins with a block that is on every way to each block of it.
class Loops {
  public:
    Loops(const ir::Contract& contract, const Layout& layout, const std::vector<Effects>& effects);

    // Returns the loop that begins with the block, or null.
    [[nodiscard]] const LoopBody* headed_by(const ir::Function& function, ir::BlockIndex block);
    // Whether the function, or one that it calls, has a loop.
    [[nodiscard]] bool any_in(const ir::Function& function);

  private:
    [[nodiscard]] const std::map<ir::BlockIndex, LoopBody>& loops_in(const ir::Function& function);
    [[nodiscard]] std::map<ir::BlockIndex, LoopBody> loops_of(const ir::Function& function) const;
    void add(const ir::Block& block, LoopBody& loop) const;

    const ir::Contract& contract_;
    const Layout& layout_;
    const std::vector<Effects>& effects_;
    std::vector<bool> written_;  // by leaf: by anybody
    std::map<const ir::Function*, std::map<ir::BlockIndex, LoopBody>> loops_;
};

}  // namespace interlock::analyzer::prover
