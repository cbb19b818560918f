// What PBFT and ByzCoin share: one block is agreed on at a time, in views with a leader each; promises are written before they
// are sent; who sees work and no progress leaves the view; who is behind asks for what is decided.
//
// Which votes are a quorum, who leads, and what one says to whom is the engines' own.
#pragma once

#include <algorithm>
#include <utility>

#include "chain/consensus/chain_engine.hpp"
#include "chain/consensus/gossip.hpp"
#include "chain/consensus/pbft/keys.hpp"

namespace interlock::chain::consensus::pbft {

template <class Content>
class VotingEngine : public ChainEngine {
  public:
    using ChainEngine::ChainEngine;

    void on_message(Env& env, NodeId from, const MessageRef& message) override {
        if (const auto* content = message->as<Content>(env.codec())) handle(env, from, *content);
    }
    void on_submit(Env& env, const TransactionRef& transaction) override {
        env.broadcast(request_with(transaction));
        on_request(env, transaction);
    }

    [[nodiscard]] std::uint64_t view() const { return view_; }

  protected:
    enum TimerKind : std::uint32_t { Progress, Send, Decided, Status, Mine };

    virtual void handle(Env& env, NodeId from, const Content& message) = 0;
    virtual void try_propose(Env& env) = 0;
    virtual void append(const BlockRef& block) = 0;   // it is decided and durable
    [[nodiscard]] virtual bool has_work() const = 0;  // whether this node should see progress

    // --- transactions ---

    [[nodiscard]] static MessageRef request_with(const TransactionRef& transaction) {
        Content request;
        request.transaction = transaction;
        return request.encoded();
    }
    void on_request(Env& env, const TransactionRef& transaction) {
        if (!env.admits(head(), transaction->transaction) || !pool_.add(transaction)) return;
        if (!timer_) restart_timer(env);
        try_propose(env);
    }
    // When the leader seems not to know them.
    void forward_requests(Env& env) {
        for (const TransactionRef& tx : pool_.candidates(most_forwarded)) env.broadcast(request_with(tx));
    }
    [[nodiscard]] bool could_fill_block(Env& env) const {
        const Draft draft{timestamp_at(env.now()), 0, {}, 1};
        return !env.build(head(), draft, pool_.candidates(most_forwarded)).second.empty();
    }

    // --- proposals and votes ---

    // Of the block in this view, with a vote of this node.
    [[nodiscard]] Content about(Env& env, typename Content::Kind kind, Phase phase, const BlockRef& block) const {
        Content message;
        message.kind = kind;
        message.view = view_;
        message.height = block->height();
        message.block_hash = block->hash;
        message.vote = {env.self(), env.sign(vote_hash(phase, view_, block->height(), block->hash))};
        return message;
    }
    [[nodiscard]] Content vote_for(Env& env, Phase phase, const BlockRef& block) const {
        return about(env, phase == Phase::Prepare ? Content::Prepare : Content::Commit, phase, block);
    }
    [[nodiscard]] static bool is_signed_vote(Env& env, Phase phase, const Content& message) {
        const Hash what = vote_hash(phase, message.view, message.height, message.block_hash);
        return env.verify(message.vote.signer, what, message.vote.signature);
    }
    // The block that a certificate is for, if this node has accepted or prepared it.
    [[nodiscard]] BlockRef known_block(const Hash& hash) const {
        if (accepted_ && accepted_->hash == hash) return accepted_;
        return prepared_block_ && prepared_block_->hash == hash ? prepared_block_ : nullptr;
    }

    // Writes a promise down, then sends it, to one or to all; `on_persisted` hears of it in the same order.
    void save_and_send(Env& env, Batch batch, std::optional<NodeId> to, Content message) {
        outbox_.emplace(++outbox_count_, std::pair(to, std::move(message)));
        env.persist(std::move(batch), {Send, outbox_count_});
    }
    [[nodiscard]] std::optional<std::pair<std::optional<NodeId>, Content>> take_from_outbox(std::uint64_t number) {
        const auto found = outbox_.find(number);
        if (found == outbox_.end()) return std::nullopt;
        std::optional taken(std::move(found->second));
        outbox_.erase(found);
        return taken;
    }

    // --- messages that come too early ---

    void keep(NodeId from, const Content& message) {
        const auto is_same = [&](const auto& kept) {
            return kept.first == from && kept.second.kind == message.kind && kept.second.view == message.view &&
                   kept.second.height == message.height && kept.second.block_hash == message.block_hash &&
                   kept.second.vote.signature == message.vote.signature;
        };
        if (kept_.size() < most_kept && std::ranges::none_of(kept_, is_same)) kept_.emplace_back(from, message);
    }
    void retry_kept(Env& env) {
        for (const auto& [from, message] : std::exchange(kept_, {})) handle(env, from, message);
    }

    // --- decisions ---

    void write_decided(Env& env, std::vector<BlockRef> blocks, Certificate certificate, const DurableKey& certificate_key) {
        Batch batch;
        for (const BlockRef& block : blocks)
            batch.emplace_back(block_key(block->height()), DurableValue(block, &block->encoded));
        batch.push_back(certificate_entry(certificate_key, certificate));  // the last: what is torn has none
        env.persist(std::move(batch), {Decided, 0});
        deciding_.emplace(std::move(blocks), std::move(certificate));
    }

    // --- changes of view ---

    void sign_and_send(Env& env, Batch batch, Content change) {
        change.vote = {env.self(), {}};
        change.vote.signature = env.sign(change.hash_to_sign());
        save_and_send(env, std::move(batch), std::nullopt, std::move(change));
    }
    // Keeps the last that each node has said; false: it had said more already.
    bool add_change(const Content& change) {
        const NodeId signer = change.vote.signer;
        for (auto& [view, signers] : changes_) {
            if (view > change.view && signers.contains(signer)) return false;
            if (view < change.view) signers.erase(signer);
        }
        changes_[change.view].insert_or_assign(signer, change);
        std::erase_if(changes_, [](const auto& entry) { return entry.second.empty(); });
        return true;
    }

    // The timer runs while there is something to do. It waits twice as long after each time that nothing came of it.
    void restart_timer(Env& env) {
        if (timer_) env.cancel(*timer_);
        timer_.reset();
        if (has_work()) timer_ = env.set_timer(options_.timeout << std::min(suspicions_, most_doublings), {Progress, 0});
    }

    // --- who is behind ---

    void fetch(Env& env, NodeId from, bool is_urgent = false) {
        if (from == env.self() || from >= env.nodes() || (!is_urgent && !may_ask(env))) return;
        has_asked(env);
        Content message;
        message.kind = Content::Fetch;
        message.height = next_height();
        env.send(from, message.encoded());
    }
    // Whoever missed the last message of all would never know: from time to time each node asks another one.
    void ask_somebody(Env& env) {
        if (env.peers().empty()) return;
        fetch(env, env.peers()[env.random().below(env.peers().size())]);
        env.set_timer(status_timeouts * options_.timeout, {Status, 0});
    }
    // Appends the blocks up to a height that the disk has; false: one is missing.
    [[nodiscard]] bool restore_chain(Env& env, const Durable& durable, std::uint64_t last) {
        for (std::uint64_t height = 1; height <= last; ++height) {
            const auto found = durable.find(block_key(height));
            const BlockRef block = found == durable.end() ? nullptr : env.codec().block(*found->second);
            if (!follows_head(env, block)) return false;
            append(block);
        }
        return true;
    }
    [[nodiscard]] bool follows_head(Env& env, const BlockRef& block) const {
        return block && block->parent() == head()->hash && env.execute(block).refusal.accepted();
    }

    // --- for checkers ---

    [[nodiscard]] FingerprintMixer voting_digest() const {
        FingerprintMixer mixer({view_, head()->height()});
        mixer.absorb(vm::to_word(head()->hash)).absorb(is_changing_).absorb(pool_.size());
        if (accepted_) mixer.absorb(vm::to_word(accepted_->hash));
        if (prepared_) mixer.absorb(prepared_->view).absorb(vm::to_word(prepared_->block));
        return mixer;
    }
    // Of all that this class keeps and that may change what the node does. Numbers of timers and of writes are names alone.
    [[nodiscard]] FingerprintMixer voting_fingerprint() const {
        FingerprintMixer mixer = chain_fingerprint();
        mixer.absorb(view_).absorb(suspicions_).absorb(is_changing_).absorb(timer_.has_value());
        mixer.absorb(vm::to_word(accepted_ ? accepted_->hash : Hash{}));
        if (prepared_) prepared_->absorb_into(mixer);
        mixer.absorb(UINT64_MAX);
        for (const auto& [view, signers] : changes_)
            for (const auto& [signer, change] : signers) mixer.absorb(change.encoded()->digest());
        for (const auto& [from, message] : kept_) mixer.absorb(from).absorb(message.encoded()->digest());
        for (const auto& [number, letter] : outbox_) mixer.absorb(letter.second.encoded()->digest());
        if (deciding_) deciding_->second.absorb_into(mixer);
        return mixer.absorb(UINT64_MAX);
    }

    std::uint64_t view_ = 0;
    bool is_changing_ = false;             // this node has left the view before and waits for view_ to begin
    BlockRef accepted_;                    // that this node prepares in view_ on top of the head, or null
    std::optional<Certificate> prepared_;  // the last that this node has prepared, and its block
    BlockRef prepared_block_;
    std::map<std::uint64_t, std::map<NodeId, Content>> changes_;             // by view and signer
    std::optional<std::pair<std::vector<BlockRef>, Certificate>> deciding_;  // blocks that are being written
    std::optional<TimerId> timer_;
    std::uint32_t suspicions_ = 0;  // timeouts since there was progress

  private:
    static constexpr std::size_t most_kept = 2000;      // messages for later
    static constexpr std::size_t most_forwarded = 50;   // transactions
    static constexpr std::uint32_t most_doublings = 5;  // of the timeout
    static constexpr Nanoseconds status_timeouts = 4;   // between questions whether there is something new

    std::vector<std::pair<NodeId, Content>> kept_;
    std::map<std::uint64_t, std::pair<std::optional<NodeId>, Content>> outbox_;  // to be sent when it is durable
    std::uint64_t outbox_count_ = 0;
};

}  // namespace interlock::chain::consensus::pbft
