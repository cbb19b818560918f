// The messages of ByzCoin. Votes go to the leader alone, who sends a quorum of them back as one certificate.
#pragma once

#include "chain/consensus/byzcoin/council.hpp"
#include "chain/consensus/pbft/voting_message.hpp"

namespace interlock::chain::consensus::byzcoin {

using pbft::Certificate, pbft::Phase, pbft::Vote;

// Views are counted at each height from 0 on. The height of a supply is that of the sender's head.
struct Message : pbft::VotingMessage<Message> {
    enum Kind : std::uint8_t { Request, Work, Propose, Prepare, Prepared, Commit, Committed, ViewChange, Fetch, Supply };
    static constexpr std::string_view names[] = {"request", "work",      "propose",     "prepare", "prepared",
                                                 "commit",  "committed", "view-change", "fetch",   "supply"};
    static constexpr Kind last_kind = Supply, proposal = Propose;

    Kind kind = Request;
    TransactionRef transaction;    // Request
    Election election;             // Work
    BlockRef block;                // Propose; ViewChange: the prepared block, or null
    Certificate certificate;       // Prepared, Committed; ViewChange: what was prepared; Supply: of the last block
    std::vector<Message> changes;  // Propose: the view changes of a quorum, but for view 0
    std::vector<BlockRef> blocks;  // Supply

    void conceal_prepared() {  // of a view change: a liar's
        certificate = {};
        block = nullptr;
    }

  private:
    friend pbft::VotingMessage<Message>;
    void append_content(rlp::Encoder& out) const;
    [[nodiscard]] bool read_content(Fields& fields, Codec& codec);
};

}  // namespace interlock::chain::consensus::byzcoin
