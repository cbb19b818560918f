// The messages of ByzCoin. Votes go to the leader alone, who sends a quorum of them back as one certificate.
#pragma once

#include "chain/consensus/byzcoin/council.hpp"

namespace interlock::chain::consensus::byzcoin {

using pbft::Certificate, pbft::Phase, pbft::Vote;

struct Message {
    enum Kind : std::uint8_t { Request, Work, Propose, Prepare, Prepared, Commit, Committed, ViewChange, Fetch, Supply };
    static constexpr std::string_view names[] = {"request", "work",      "propose",     "prepare", "prepared",
                                                 "commit",  "committed", "view-change", "fetch",   "supply"};

    Kind kind = Request;
    std::uint64_t view = 0, height = 0;  // views are counted at each height from 0 on; Supply: height of the sender's head
    Hash block_hash;
    Vote vote;                     // Propose (the leader prepares with it), Prepare, Commit; ViewChange: of it all
    TransactionRef transaction;    // Request
    Election election;             // Work
    BlockRef block;                // Propose; ViewChange: the prepared block, or null
    Certificate certificate;       // Prepared, Committed; ViewChange: what was prepared; Supply: of the last block
    std::vector<Message> changes;  // Propose: the view changes of a quorum, but for view 0
    std::vector<BlockRef> blocks;  // Supply

    [[nodiscard]] static std::optional<Message> read(ByteView bytes, Codec& codec);
    [[nodiscard]] MessageRef encoded() const;
    [[nodiscard]] Hash hash_to_sign() const;  // of a view change

  private:
    [[nodiscard]] static bool read_item(const rlp::Item& item, Codec& codec, Message& message, bool is_inner);
    void append_to(rlp::Encoder& out) const;
    void append_content(rlp::Encoder& out) const;
};

}  // namespace interlock::chain::consensus::byzcoin
