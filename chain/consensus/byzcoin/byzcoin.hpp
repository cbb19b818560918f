// ByzCoin: proof of work elects a council, and the council decides each block in one round of Byzantine agreement.
// (Kokoris-Kogias, Jovanovic, Gailly, Khoffi, Gasser and Ford, 2016.)
//
// Who finds a key block gets a share of the votes, for as many key blocks as there are shares. Blocks are agreed on one by
// one, key blocks and blocks of transactions alike; a block never forks off another and is final at once. Each height has
// views of its own, beginning with 0, and one council: what may be decided there depends on nothing that other councils say.
// Members vote to the leader alone, whose certificates are collective signatures: all signatures of a quorum, not one that
// they add up to.
//
// LinearPbft is the same with a council of members, a share each, which a steward may change (members.hpp): PBFT whose
// messages grow with the nodes, not with their square.
#pragma once

#include <set>

#include "chain/consensus/byzcoin/messages.hpp"
#include "chain/consensus/members.hpp"
#include "chain/consensus/pbft/voting_engine.hpp"

namespace interlock::chain::consensus {

class ByzCoin : public pbft::VotingEngine<byzcoin::Message> {
  public:
    explicit ByzCoin(const EngineOptions& options) : ByzCoin(options, true) {}

    void start(Env& env, const Durable& durable) override;
    void on_timer(Env& env, Timer timer) override;
    void on_persisted(Env& env, Timer then) override;

    [[nodiscard]] std::uint64_t digest() const override;
    [[nodiscard]] std::unique_ptr<Engine> clone() const override { return std::make_unique<ByzCoin>(*this); }
    [[nodiscard]] std::optional<std::uint64_t> fingerprint() const override;  // fingerprint.cpp

    [[nodiscard]] const byzcoin::Council& council() const { return council_; }  // of the next block

  protected:
    ByzCoin(const EngineOptions& options, bool elects) : VotingEngine(options), elects_(elects) {}

  private:
    using Certificate = pbft::Certificate;
    using Content = byzcoin::Message;
    using Phase = pbft::Phase;

    [[nodiscard]] std::uint32_t quorum() const { return options_.quorum != 0 ? options_.quorum : council_.quorum(); }
    [[nodiscard]] NodeId leader() const { return council_.leader(view_); }
    [[nodiscard]] bool has_work() const override { return !pool_.empty() || election_ || accepted_ || is_changing_; }
    void handle(Env& env, NodeId from, const Content& message) override;

    // byzcoin.cpp: the normal case
    void try_propose(Env& env) override;
    void propose(Env& env, const BlockRef& block);
    void on_propose(Env& env, NodeId from, const Content& message);
    void vote(Env& env, Phase phase, const BlockRef& block, Batch batch);
    void on_vote(Env& env, NodeId from, Phase phase, const Content& message);
    void count(Env& env, Phase phase, const Content& vote);
    void on_prepared(Env& env, NodeId from, const Content& message);
    void prepare(Env& env, const Certificate& certificate);
    void on_committed(Env& env, NodeId from, const Content& message);
    void append_decided(Env& env);
    void append(const BlockRef& block) override;
    [[nodiscard]] bool may_follow(Env& env, const BlockRef& block) const;

    // elections.cpp
    void mine(Env& env);
    void find_key(Env& env);
    void on_work(Env& env, const byzcoin::Election& election);
    void tell_council(Env& env) const;

    // views.cpp
    void on_timeout(Env& env);
    void remind(Env& env);
    void change_view(Env& env, std::uint64_t view);
    void on_view_change(Env& env, NodeId from, const Content& change);
    [[nodiscard]] bool is_valid_change(Env& env, const Content& change) const;
    void try_lead(Env& env);
    [[nodiscard]] bool is_justified(Env& env, const Content& proposal) const;
    [[nodiscard]] static const Content* constraint_of(const std::vector<Content>& changes);
    [[nodiscard]] std::uint32_t weight_from(std::uint64_t view) const;

    // catch_up.cpp
    void supply(Env& env, NodeId to, std::uint64_t height);
    void on_supply(Env& env, NodeId from, const Content& message);
    void restore(Env& env, const Durable& durable);
    void repeat_votes(Env& env);

    bool elects_;
    std::map<std::uint64_t, Certificate> certificates_;  // of the last block, of the last of each council and some others
    std::set<std::uint64_t> council_ends_;               // heights behind which another council votes
    std::unordered_map<Address, NodeId> nodes_;          // by where their rewards go

    byzcoin::Council council_;                   // of the next height
    Members members_;                            // where there are no elections
    Hash key_;                                   // the last key block
    std::optional<byzcoin::Election> election_;  // that was won on it and is in no block yet; the least by its hash
    Nanoseconds election_known_ = 0;
    std::map<Hash, byzcoin::Election> early_elections_;  // by the key block, which is not known

    // At the next height:
    std::optional<std::pair<std::uint64_t, Hash>> last_vote_;  // the view and the block of the last prepare
    std::vector<Content> justification_;                       // by which this node leads view_, if it is not 0
    MessageRef proposal_;                                      // of this node in view_
    using VoteKey = std::tuple<Phase, std::uint64_t, Hash>;    // phase, view, block
    std::map<VoteKey, std::map<NodeId, Signature>> votes_;
    std::map<VoteKey, MessageRef> certified_;

    std::optional<NodeId> supplier_;  // who has more blocks than it could send at once
};

class LinearPbft final : public ByzCoin {
  public:
    explicit LinearPbft(const EngineOptions& options) : ByzCoin(options, false) {}
};

}  // namespace interlock::chain::consensus
