// Practical Byzantine fault tolerance: one of N > 3f nodes proposes, and a block is decided when a quorum has prepared and a
// quorum has committed it. (Castro and Liskov, 1999, with signatures.)
//
// One block is agreed on at a time, since a block names its parent; batches take the place of a window. Views change when
// a node sees work and no progress: a new primary must propose what may have been decided before, which the view changes of
// a quorum prove. Headers commit to the state, so that a block with its commit certificate is a checkpoint: whoever is
// behind is supplied with blocks up to one.
#pragma once

#include "chain/consensus/pbft/messages.hpp"
#include "chain/consensus/pbft/voting_engine.hpp"

namespace interlock::chain::consensus {

class Pbft final : public pbft::VotingEngine<pbft::Message> {
  public:
    using VotingEngine::VotingEngine;

    void start(Env& env, const Durable& durable) override;
    void on_timer(Env& env, Timer timer) override;
    void on_persisted(Env& env, Timer then) override;

    [[nodiscard]] std::uint64_t digest() const override;
    [[nodiscard]] std::unique_ptr<Engine> clone() const override { return std::make_unique<Pbft>(*this); }
    [[nodiscard]] std::optional<std::uint64_t> fingerprint() const override;

    // ⌊2N/3⌋ + 1: two quorums share a node that is not faulty, also where N is not 3f + 1.
    [[nodiscard]] static constexpr std::uint32_t quorum_of(std::uint32_t nodes) { return 2 * nodes / 3 + 1; }
    [[nodiscard]] static constexpr std::uint32_t faults_of(std::uint32_t nodes) { return (nodes - 1) / 3; }

  private:
    using Certificate = pbft::Certificate;
    using Content = pbft::Message;
    using Phase = pbft::Phase;

    [[nodiscard]] std::uint32_t quorum(const Env& env) const;
    [[nodiscard]] NodeId primary(const Env& env) const { return static_cast<NodeId>(view_ % env.nodes()); }
    [[nodiscard]] bool has_work() const override { return !pool_.empty() || accepted_ || is_changing_; }
    void handle(Env& env, NodeId from, const Content& message) override;

    // pbft.cpp: the normal case
    void try_propose(Env& env) override;
    void propose(Env& env, const BlockRef& block);
    void on_pre_prepare(Env& env, NodeId from, const Content& message);
    void on_vote(Env& env, Phase phase, const Content& message);
    void count(Env& env, Phase phase, const Content& vote);
    void vote(Env& env, Phase phase, const BlockRef& block, Batch batch);
    void append_decided(Env& env);
    void append(const BlockRef& block) override;
    void repeat_votes(Env& env);
    [[nodiscard]] bool has_other_vote(Phase phase, const Content& message) const;
    void on_timeout(Env& env);

    // view_change.cpp
    void change_view(Env& env, std::uint64_t view);
    void on_view_change(Env& env, NodeId from, const Content& message);
    void on_new_view(Env& env, NodeId from, const Content& message);
    [[nodiscard]] bool is_valid_change(Env& env, const Content& change) const;
    void try_new_view(Env& env);
    void enter_view(Env& env, const Content& new_view);
    [[nodiscard]] static const Content* constraint_of(const std::vector<Content>& changes, std::uint64_t& base);
    [[nodiscard]] bool has_left(const Env& env) const;
    [[nodiscard]] Batch view_batch() const;

    // catch_up.cpp
    void supply(Env& env, NodeId to, std::uint64_t height);
    void on_supply(Env& env, const Content& message);
    void restore(Env& env, const Durable& durable);

    static constexpr DurableKey certificate_key{1, 3};                      // of the last decided block
    using VoteKey = std::tuple<Phase, std::uint64_t, std::uint64_t, Hash>;  // phase, view, height, block

    std::map<std::uint64_t, Certificate> checkpoints_;  // some of the chain's blocks, the last among them

    std::uint64_t bound_height_ = 0;                     // in view_ the block of this height must be
    std::optional<Hash> bound_;                          // this one, or any
    std::pair<std::uint64_t, std::uint64_t> last_vote_;  // view and height of the last prepare
    Hash last_vote_block_;
    std::map<VoteKey, std::map<NodeId, Signature>> votes_;
    MessageRef new_view_;  // that began view_, for those who missed it
};

}  // namespace interlock::chain::consensus
