// Ommers: headers of blocks that did not become part of the chain but earn a part of the reward. (Yellow Paper, section
// 11.1.)
#pragma once

#include <functional>

#include "chain/block.hpp"
#include "chain/refusal.hpp"

namespace interlock::chain {

inline constexpr std::size_t max_ommers = 2;
inline constexpr std::uint64_t ommer_depth = 6;  // generations: an ommer is a child of the 2nd to the 7th ancestor

struct Ancestor {
    Hash hash;
    const Header* header = nullptr;
    const std::vector<Header>* ommers = nullptr;
};

// The ommers of a block. `ancestors` begins with the block's parent, then its parent, and so on, up to seven. `check` says whether a header
// may follow the given ancestor.
[[nodiscard]] Refusal check_ommers(const std::vector<Header>& ommers, std::span<const Ancestor> ancestors,
                                   const std::function<BlockRefusal(const Header&, const Ancestor& parent)>& check);

}  // namespace interlock::chain
