// Which blocks every path to a block goes through. (Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm", 2001.)
#pragma once

#include <span>
#include <vector>

#include "lang/ir.hpp"

namespace interlock::lang::ir {

class Dominators {
  public:
    explicit Dominators(const std::vector<Block>& blocks);

    [[nodiscard]] bool is_reachable(BlockIndex block) const { return position_[block] != none; }
    // Both are reachable.
    [[nodiscard]] bool dominates(BlockIndex above, BlockIndex below) const {
        while (position_[below] > position_[above]) below = parent_[below];
        return below == above;
    }
    // Reachable ones, in reverse postorder; one for each edge.
    [[nodiscard]] std::span<const BlockIndex> predecessors(BlockIndex block) const {
        const std::size_t first = block == 0 ? 0 : ends_[block - 1];
        return std::span(predecessors_).subspan(first, ends_[block] - first);
    }

  private:
    static constexpr BlockIndex none = 0xffffffff;

    void find_predecessors(const std::vector<Block>& blocks);
    [[nodiscard]] BlockIndex common_of(std::span<const BlockIndex> blocks) const;
    [[nodiscard]] BlockIndex meet(BlockIndex a, BlockIndex b) const;

    std::vector<BlockIndex> order_;        // reverse postorder
    std::vector<std::uint32_t> position_;  // in that order
    std::vector<BlockIndex> parent_;       // the nearest dominator; none: the entry, or not reachable
    std::vector<std::size_t> ends_;        // of each block's predecessors in the list; there is one more
    std::vector<BlockIndex> predecessors_;
};

}  // namespace interlock::lang::ir
