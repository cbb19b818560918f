// The messages of PBFT.
#pragma once

#include "chain/consensus/pbft/voting_message.hpp"

namespace interlock::chain::consensus::pbft {

struct Message : VotingMessage<Message> {
    enum Kind : std::uint8_t { Request, PrePrepare, Prepare, Commit, ViewChange, NewView, Fetch, Supply };
    static constexpr std::string_view names[] = {"request",     "pre-prepare", "prepare", "commit",
                                                 "view-change", "new-view",    "fetch",   "supply"};
    static constexpr Kind last_kind = Supply, proposal = PrePrepare;

    Kind kind = Request;
    TransactionRef transaction;         // Request
    BlockRef block;                     // PrePrepare; ViewChange: the prepared block, or null
    Certificate committed, prepared;    // ViewChange, Supply: the last committed block; what was prepared on top of it
    std::vector<Message> view_changes;  // NewView
    std::vector<BlockRef> blocks;       // Supply: up to the committed one

    void conceal_prepared() {  // of a view change: a liar's
        prepared = {};
        block = nullptr;
    }

  private:
    friend VotingMessage<Message>;
    void append_content(rlp::Encoder& out) const;
    [[nodiscard]] bool read_content(Fields& fields, Codec& codec);
};

}  // namespace interlock::chain::consensus::pbft
