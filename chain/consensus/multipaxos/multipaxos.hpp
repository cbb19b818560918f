// MultiPaxos with a stable leader: phase 1 once for all blocks to come, then one round of phase 2 for each.
// (Lamport, 1998; the blocks are the instances.)
//
// Nodes may crash and messages may be lost, but nobody lies; a checksum finds what was changed by accident. Blocks name
// their parents, so that several may be under way only in their order: an acceptor accepts a block behind one that it has
// accepted in the same ballot, or that is decided. A later leader then finds an unbroken chain of all that may be decided.
//
// Who accepts may change (members.hpp): `window` heights behind the block that says so. A leader needs the promises of a
// majority of those who vote at a height, and goes on to other voters only when all before them is decided.
#pragma once

#include <set>

#include "chain/consensus/chain_engine.hpp"
#include "chain/consensus/members.hpp"

namespace interlock::chain::consensus {

namespace paxos {

struct Entry {
    std::uint64_t ballot = 0;
    BlockRef block;
};

struct Message {
    enum Kind : std::uint8_t { Request, Prepare, Promise, Accept, Accepted, Heartbeat, Reject, Fetch, Supply };
    static constexpr std::string_view names[] = {"request",   "prepare (1a)", "promise (1b)", "accept (2a)", "accepted (2b)",
                                                 "heartbeat", "reject",       "fetch",        "supply"};

    Kind kind = Request;
    std::uint64_t ballot = 0, height = 0;
    std::uint64_t decided = 0;  // up to which height the sender knows that all is decided
    TransactionRef transaction;
    std::vector<Entry> entries;  // Promise: what was accepted; Accept: one; Supply: what is decided

    [[nodiscard]] static std::optional<Message> read(ByteView bytes, Codec& codec);
    [[nodiscard]] MessageRef encoded() const;
};

}  // namespace paxos

class MultiPaxos final : public ChainEngine {
  public:
    using ChainEngine::ChainEngine;

    void start(Env& env, const Durable& durable) override;
    void on_message(Env& env, NodeId from, const MessageRef& message) override;
    void on_timer(Env& env, Timer timer) override;
    void on_persisted(Env& env, Timer then) override;
    void on_submit(Env& env, const TransactionRef& transaction) override;

    [[nodiscard]] std::uint64_t digest() const override;
    [[nodiscard]] std::unique_ptr<Engine> clone() const override { return std::make_unique<MultiPaxos>(*this); }
    [[nodiscard]] std::optional<std::uint64_t> fingerprint() const override;  // fingerprint.cpp

    [[nodiscard]] bool is_leading() const { return is_leading_; }

  private:
    using Content = paxos::Message;
    using Entry = paxos::Entry;
    enum TimerKind : std::uint32_t { Election, Beat, Send, Decided };

    [[nodiscard]] bool is_quorum(const Env& env, std::uint64_t height, std::span<const NodeId> nodes) const;
    [[nodiscard]] std::uint64_t decided() const { return head()->height(); }
    [[nodiscard]] NodeId leader(const Env& env) const { return static_cast<NodeId>(ballot_ % env.nodes()); }
    void send(Env& env, NodeId to, Content message);
    void save_and_send(Env& env, Batch batch, NodeId to, Content message);
    void restore(Env& env, const Durable& durable);

    // multipaxos.cpp: acceptors and learners
    bool follow(Env& env, NodeId from, std::uint64_t ballot);
    void on_prepare(Env& env, NodeId from, const Content& message);
    void on_accept(Env& env, NodeId from, const Content& message);
    [[nodiscard]] bool fits(std::uint64_t ballot, const BlockRef& block) const;
    void learn(Env& env, NodeId from, const Content& message);
    void write_decided(Env& env, std::vector<BlockRef> blocks);
    void append_decided(Env& env);
    void append(const BlockRef& block);
    void fetch(Env& env, NodeId from);
    void on_supply(Env& env, const Content& message);
    void on_request(Env& env, const TransactionRef& transaction);

    // leader.cpp
    void campaign(Env& env);
    void on_promise(Env& env, NodeId from, const Content& message);
    void try_lead(Env& env);
    void try_propose(Env& env);
    void take_reports(const Content& promise);
    void propose_reported(Env& env);
    [[nodiscard]] bool may_propose(const Env& env, std::uint64_t height) const;
    void ask_new_members(Env& env);
    void tell_members(Env& env, std::uint64_t from) const;
    void propose(Env& env, const BlockRef& block);
    void on_accepted(Env& env, NodeId from, const Content& message);
    void beat(Env& env);
    void step_down(Env& env, std::uint64_t ballot);
    void wait_for_leader(Env& env, Nanoseconds time);

    Members members_;

    std::uint64_t ballot_ = 0;                       // the highest that this node has promised
    std::map<std::uint64_t, Entry> accepted_;        // by height, above what is decided
    std::map<std::uint64_t, Content> early_;         // accepts of ballot_ whose predecessor is missing
    std::optional<std::vector<BlockRef>> deciding_;  // blocks that are being written

    bool is_leading_ = false, is_candidate_ = false;
    std::map<NodeId, Content> promises_;
    std::map<std::uint64_t, Entry> reported_;               // by height: of the highest ballot that was promised
    BlockRef tip_;                                          // the last block that this leader has proposed
    std::map<std::uint64_t, std::set<NodeId>> supporters_;  // by height: who has accepted the leader's block
    std::uint64_t proposed_at_last_beat_ = 0;

    std::map<std::uint64_t, std::pair<NodeId, Content>> outbox_;  // to be sent when it is durable
    std::uint64_t outbox_count_ = 0;
    std::optional<TimerId> election_, beat_;
};

}  // namespace interlock::chain::consensus
