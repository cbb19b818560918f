// Computes which blocks are on every path to a block. (Cooper, Harvey, Kennedy: "A Simple, Fast Dominance Algorithm", 2001.)
#pragma once

#include <span>
#include <vector>

#include "lang/ir/ir.hpp"

namespace interlock::lang::ir {

class Dominators {
  public:
    explicit Dominators(const std::vector<Block>& blocks);

    [[nodiscard]] bool is_reachable(BlockIndex block) const { return position_[block] != none; }
    // Both blocks must be reachable.
    [[nodiscard]] bool dominates(BlockIndex above, BlockIndex below) const {
        return number_[below] - number_[above] < size_[above];
    }
    // Returns the reachable predecessors in reverse postorder, one for each edge.
    [[nodiscard]] std::span<const BlockIndex> predecessors(BlockIndex block) const {
        const std::size_t first = block == 0 ? 0 : ends_[block - 1];
        return std::span(predecessors_).subspan(first, ends_[block] - first);
    }

  private:
    static constexpr BlockIndex none = 0xffffffff;

    void find_predecessors(const std::vector<Block>& blocks);
    void number_tree();
    [[nodiscard]] BlockIndex common_of(std::span<const BlockIndex> blocks) const;
    [[nodiscard]] BlockIndex meet(BlockIndex a, BlockIndex b) const;

    std::vector<BlockIndex> order_;        // reverse postorder
    std::vector<std::uint32_t> position_;  // position in that order
    std::vector<BlockIndex> parent_;       // the immediate dominator; none for the entry and unreachable blocks
    std::vector<std::uint32_t> number_;    // in preorder of the dominator tree: the blocks that a block dominates …
    std::vector<std::uint32_t> size_;      // … have this many consecutive numbers, beginning with its own
    std::vector<std::size_t> ends_;        // ends of each block's predecessors in the list; one element more
    std::vector<BlockIndex> predecessors_;
};

}  // namespace interlock::lang::ir
