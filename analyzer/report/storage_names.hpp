// Finds the source's name for a storage slot: `balances[alice]`, `proposals[1].votes`, `locked`.
#pragma once

#include <string>
#include <vector>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

// A variable, or a part of one, in a slot. Several small variables may share a slot.
struct SlotPiece {
    std::string name;
    lang::ir::Type type;
    std::uint8_t offset = 0;  // bytes from the low end of the slot
    std::uint8_t bytes = 32;

    [[nodiscard]] std::string format(const World& world, const Word& slot_value) const;
};

// Returns an empty list if the slot belongs to nothing that the source names.
[[nodiscard]] std::vector<SlotPiece> name_slot(const World& world, const DeployedContract& contract, const Word& slot);

}  // namespace interlock::analyzer
