// Signed votes, and certificates: votes of a quorum, which anybody can check.
#pragma once

#include "chain/consensus/engine.hpp"

namespace interlock::chain::consensus::pbft {

enum class Phase : std::uint8_t { Prepare, Commit };

struct Vote {
    NodeId signer = 0;
    Signature signature;
};

void append_vote(rlp::Encoder& out, const Vote& vote);
[[nodiscard]] Vote read_vote(Fields fields);  // of nobody, if it is malformed

// A quorum's votes for a block. At height 0 there are none: everybody has the genesis.
struct Certificate {
    Phase phase = Phase::Commit;
    std::uint64_t view = 0, height = 0;
    Hash block;
    std::vector<Vote> votes;

    void append_to(rlp::Encoder& out) const;
    [[nodiscard]] static Certificate read(Fields fields);
    [[nodiscard]] bool is_valid(Env& env, std::uint32_t quorum) const;
    // For an explorer: whose votes they are does not matter, since all that are kept are a quorum's.
    void absorb_into(FingerprintMixer& mixer) const { mixer.absorb(view).absorb(height).absorb(vm::to_word(block)); }
};

// What a vote signs.
[[nodiscard]] Hash vote_hash(Phase phase, std::uint64_t view, std::uint64_t height, const Hash& block);

}  // namespace interlock::chain::consensus::pbft
