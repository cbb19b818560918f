// Which blocks every path to a block goes through. (Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm", 2001.)
#pragma once

#include <vector>

#include "lang/ir.hpp"

namespace interlock::lang::optimize {

// Of a function whose blocks lie in reverse postorder, all of them reachable.
class Dominators {
  public:
    explicit Dominators(const ir::Function& function);

    [[nodiscard]] ir::BlockIndex parent(ir::BlockIndex block) const { return parent_[block]; }  // of the entry: itself
    [[nodiscard]] bool dominates(ir::BlockIndex a, ir::BlockIndex b) const {
        while (b > a) b = parent_[b];
        return a == b;
    }
    [[nodiscard]] const std::vector<ir::BlockIndex>& predecessors(ir::BlockIndex block) const { return predecessors_[block]; }

  private:
    std::vector<ir::BlockIndex> parent_;
    std::vector<std::vector<ir::BlockIndex>> predecessors_;
};

}  // namespace interlock::lang::optimize
