// A block's difficulty follows from its parent's. (Yellow Paper, section 4.4.4; EIP-2, EIP-100, and the delays of the
// "bomb": EIP-649, 1234, 2384, 3554, 4345, 5133.)
#pragma once

#include "chain/block_rules.hpp"

namespace interlock::chain {

struct ParentForDifficulty {
    Word difficulty;
    std::uint64_t timestamp = 0;  // seconds since 1970
    bool has_ommers = false;
};

// Returns the difficulty of block `number`. `timestamp` must be later than the parent's.
[[nodiscard]] Word next_difficulty(const DifficultyRule&, const ParentForDifficulty&, std::uint64_t number,
                                   std::uint64_t timestamp);

}  // namespace interlock::chain
