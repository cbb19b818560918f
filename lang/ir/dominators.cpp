#include "lang/ir/dominators.hpp"

#include <numeric>

#include "lang/ir/walk.hpp"

namespace interlock::lang::ir {

Dominators::Dominators(const std::vector<Block>& blocks)
    : order_(reverse_postorder(blocks)),
      position_(blocks.size(), none),
      parent_(blocks.size(), none),
      number_(blocks.size()),
      size_(blocks.size(), 1),
      ends_(blocks.size() + 1) {
    for (std::uint32_t i = 0; i < order_.size(); ++i) position_[order_[i]] = i;
    find_predecessors(blocks);
    for (bool changed = true; changed;) {
        changed = false;
        for (const BlockIndex block : std::span(order_).subspan(1)) {
            const BlockIndex best = common_of(predecessors(block));
            changed |= parent_[block] != best;
            parent_[block] = best;
        }
    }
    number_tree();
}

// In reverse postorder a block comes after the blocks that dominate it.
void Dominators::number_tree() {
    const auto inner = std::span(order_).subspan(1);
    for (std::size_t i = inner.size(); i-- > 0;) size_[parent_[inner[i]]] += size_[inner[i]];
    std::vector<std::uint32_t> next(number_.size());
    next[order_.front()] = 1;
    for (const BlockIndex block : inner) {
        number_[block] = next[parent_[block]];
        next[parent_[block]] += size_[block];
        next[block] = number_[block] + 1;
    }
}

void Dominators::find_predecessors(const std::vector<Block>& blocks) {
    for (const BlockIndex block : order_)
        for_each_jump(blocks[block].terminator, [&](const Jump& jump) { ++ends_[jump.block + 1]; });
    std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
    predecessors_.resize(ends_.back());
    // Filling in a predecessor advances the end of its block's range, which starts as the beginning of the range.
    for (const BlockIndex block : order_)
        for_each_jump(blocks[block].terminator, [&](const Jump& jump) { predecessors_[ends_[jump.block]++] = block; });
}

BlockIndex Dominators::common_of(std::span<const BlockIndex> blocks) const {
    BlockIndex best = none;
    for (const BlockIndex each : blocks) {
        if (each != order_.front() && parent_[each] == none) continue;  // not known yet
        best = best == none ? each : meet(best, each);
    }
    return best;
}

BlockIndex Dominators::meet(BlockIndex a, BlockIndex b) const {
    while (a != b) {
        while (position_[a] > position_[b]) a = parent_[a];
        while (position_[b] > position_[a]) b = parent_[b];
    }
    return a;
}

}  // namespace interlock::lang::ir
