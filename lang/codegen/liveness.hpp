// Liveness: which values are needed at which block, by backward data flow over the blocks of a prepared function.
#pragma once

#include "lang/codegen/prepare.hpp"

namespace interlock::lang::codegen {

class Liveness {
  public:
    // Values for which `is_free` holds are computed again at each use and are never live.
    Liveness(const Prepared& prepared, const std::vector<bool>& is_free);

    // Live on entry, not counting the block's own parameters.
    [[nodiscard]] bool live_in(ir::BlockIndex block, ir::Value value) const { return has(in(block), value); }
    // Live on an edge out of the block: live in a successor, or passed to it.
    [[nodiscard]] bool live_out(ir::BlockIndex block, ir::Value value) const { return has(out(block), value); }

  private:
    // A set of values with one bit each; all sets are in one array.
    using Set = std::size_t;  // position of its first word
    static constexpr std::size_t bits = 64;

    [[nodiscard]] Set in(ir::BlockIndex block) const { return 2 * block * words_; }
    [[nodiscard]] Set out(ir::BlockIndex block) const { return (2 * block + 1) * words_; }
    [[nodiscard]] bool has(Set set, ir::Value value) const {
        return sets_[set + value.index / bits] >> value.index % bits & 1;
    }
    void add(Set set, ir::Value value) { sets_[set + value.index / bits] |= std::uint64_t{1} << value.index % bits; }
    void remove(Set set, ir::Value value) { sets_[set + value.index / bits] &= ~(std::uint64_t{1} << value.index % bits); }
    bool update(const Prepared& prepared, const std::vector<bool>& is_free, ir::BlockIndex block);

    std::size_t words_;  // per set
    std::vector<std::uint64_t> sets_;
};

}  // namespace interlock::lang::codegen
