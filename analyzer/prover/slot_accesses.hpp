// Where instructions that name a slot, as arrays, storage references and assembly do, may touch storage.
#pragma once

#include <map>

#include "analyzer/deadline.hpp"
#include "analyzer/prover/footprint.hpp"

namespace interlock::analyzer::prover {

class SlotAccesses {
  public:
    SlotAccesses() = default;  // nothing is known of any instruction
    // Follows all runs of all entries and of the constructor, whatever strangers do in between (flow.hpp). Where that does
    // not cover a function, or takes too long, nothing is known.
    SlotAccesses(const ir::Contract& contract, const Deadline& deadline);

    // Whether the instructions that have no areas are never run.
    [[nodiscard]] bool is_known() const { return is_known_; }
    [[nodiscard]] const std::map<const ir::Instruction*, std::set<Area>>& areas() const { return areas_; }

    // Whether the instruction names a slot, of storage or of transient storage.
    [[nodiscard]] static bool names_slot(const ir::Instruction& instruction);

  private:
    std::map<const ir::Instruction*, std::set<Area>> areas_;
    bool is_known_ = false;
};

}  // namespace interlock::analyzer::prover
