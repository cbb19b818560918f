// Ommers: headers of blocks that lost a race, included for a part of the reward. (Yellow Paper, section 11.1.)
#pragma once

#include <functional>

#include "chain/block.hpp"
#include "chain/refusal.hpp"

namespace interlock::chain {

inline constexpr std::size_t max_ommers = 2;
inline constexpr std::uint64_t ommer_depth = 6;  // generations: an ommer is a child of the 2nd to the 7th ancestor

struct Ancestor {
    Hash hash;
    const Block* block = nullptr;
};

// `ancestors`: the block's parent first, then its parent, ... seven of them, or all there are. `check` says whether a
// header may follow this ancestor of its own.
[[nodiscard]] Refusal check_ommers(const Block& block, std::span<const Ancestor> ancestors,
                                   const std::function<BlockRefusal(const Header&, const Ancestor& parent)>& check);

}  // namespace interlock::chain
