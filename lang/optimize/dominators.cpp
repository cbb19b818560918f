#include "lang/optimize/dominators.hpp"

#include "lang/ir_walk.hpp"

namespace interlock::lang::optimize {

using ir::BlockIndex;

Dominators::Dominators(const ir::Function& function) {
    const auto count = static_cast<BlockIndex>(function.blocks.size());
    constexpr BlockIndex unknown = 0xffffffff;
    predecessors_.resize(count);
    for (BlockIndex block = 0; block < count; ++block)
        ir::for_each_jump(function.blocks[block].terminator, [&](const ir::Jump& jump) { predecessors_[jump.block].push_back(block); });
    parent_.assign(count, unknown);
    parent_[0] = 0;
    const auto meet = [&](BlockIndex a, BlockIndex b) {
        while (a != b) (a > b ? a : b) = parent_[a > b ? a : b];
        return a;
    };
    for (bool changed = true; changed;) {
        changed = false;
        for (BlockIndex block = 1; block < count; ++block) {
            BlockIndex found = unknown;
            for (const BlockIndex each : predecessors_[block])
                if (parent_[each] != unknown) found = found == unknown ? each : meet(found, each);
            if (found == parent_[block]) continue;
            parent_[block] = found;
            changed = true;
        }
    }
}

}  // namespace interlock::lang::optimize
