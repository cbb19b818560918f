// The messages of PBFT, and the certificates that they carry: signed votes of a quorum, which anybody can check.
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
};

// What a vote signs.
[[nodiscard]] Hash vote_hash(Phase phase, std::uint64_t view, std::uint64_t height, const Hash& block);

struct Message {
    enum Kind : std::uint8_t { Request, PrePrepare, Prepare, Commit, ViewChange, NewView, Fetch, Supply };
    static constexpr std::string_view names[] = {"request",     "pre-prepare", "prepare", "commit",
                                                 "view-change", "new-view",    "fetch",   "supply"};

    Kind kind = Request;
    std::uint64_t view = 0, height = 0;
    Hash block_hash;
    TransactionRef transaction;         // Request
    BlockRef block;                     // PrePrepare; ViewChange: the prepared block, or null
    Vote vote;                          // PrePrepare (the primary prepares with it), Prepare, Commit; ViewChange: of it all
    Certificate committed, prepared;    // ViewChange, Supply: the last committed block; what was prepared on top of it
    std::vector<Message> view_changes;  // NewView
    std::vector<BlockRef> blocks;       // Supply: up to the committed one

    [[nodiscard]] static std::optional<Message> read(ByteView bytes, Codec& codec);
    [[nodiscard]] MessageRef encoded() const;
    [[nodiscard]] Hash hash_to_sign() const;  // of a view change

  private:
    [[nodiscard]] static bool read_item(const rlp::Item& item, Codec& codec, Message& message);
    void append_to(rlp::Encoder& out) const;
    void append_content(rlp::Encoder& out) const;
};

}  // namespace interlock::chain::consensus::pbft
