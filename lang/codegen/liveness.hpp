// Which values are still needed where: backward data flow over the blocks of a prepared function.
#pragma once

#include "lang/codegen/prepare.hpp"

namespace interlock::lang::codegen {

class Liveness {
  public:
    // Values of which `is_free` holds are made anew at each use and never live.
    Liveness(const Prepared& prepared, const std::vector<bool>& is_free);

    // On entry, without the block's own parameters.
    [[nodiscard]] bool live_in(ir::BlockIndex block, ir::Value value) const { return in_[block][value.index]; }
    // Needed by an edge out of the block: live in a successor, or passed to it.
    [[nodiscard]] bool live_out(ir::BlockIndex block, ir::Value value) const { return out_[block][value.index]; }

  private:
    bool update(const Prepared& prepared, const std::vector<bool>& is_free, ir::BlockIndex block);

    std::vector<std::vector<bool>> in_, out_;
};

}  // namespace interlock::lang::codegen
