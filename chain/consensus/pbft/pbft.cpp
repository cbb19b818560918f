// The normal case of PBFT: request, pre-prepare, prepare, commit.

#include "chain/consensus/pbft/pbft.hpp"

#include <algorithm>
#include <utility>

#include "chain/consensus/gossip.hpp"
#include "chain/consensus/pbft/keys.hpp"

namespace interlock::chain::consensus {

using pbft::Vote, pbft::vote_hash;

namespace {

constexpr std::size_t most_kept = 2000;      // messages for later
constexpr std::uint32_t most_doublings = 5;  // of the timeout
constexpr std::uint64_t most_views_ahead = 100;
constexpr std::size_t most_forwarded = 50;  // transactions, when the primary seems not to know them

}  // namespace

void Pbft::start(Env& env, const Durable& durable) {
    chain_ = {env.genesis()};
    heights_[env.genesis()->hash] = 0;
    checkpoints_[0] = {Phase::Commit, 0, 0, env.genesis()->hash, {}};
    restore(env, durable);
    if (is_changing_) change_view(env, view_);
    else if (accepted_) repeat_votes(env);
    restart_timer(env);
    ask_somebody(env);
}

// What this node had said before it was restarted may not have reached anybody.
void Pbft::repeat_votes(Env& env) {
    const BlockRef block = accepted_;
    if (primary(env) == env.self()) propose(env, block);
    else vote(env, Phase::Prepare, block, {});
    if (prepared_ && prepared_->view == view_ && prepared_->block == block->hash) vote(env, Phase::Commit, block, {});
}

std::uint32_t Pbft::quorum(const Env& env) const { return options_.quorum != 0 ? options_.quorum : quorum_of(env.nodes()); }

BlockRef Pbft::find(const Hash& block) const {
    const auto found = heights_.find(block);
    return found == heights_.end() ? nullptr : chain_[found->second];
}

std::uint64_t Pbft::digest() const {
    FingerprintMixer mixer({view_, head()->height()});
    mixer.absorb(vm::to_word(head()->hash)).absorb(is_changing_).absorb(pool_.size());
    if (accepted_) mixer.absorb(vm::to_word(accepted_->hash));
    if (prepared_) mixer.absorb(prepared_->view).absorb(vm::to_word(prepared_->block));
    for (const auto& [key, signers] : votes_)
        mixer.absorb(std::get<1>(key)).absorb(vm::to_word(std::get<3>(key))).absorb(signers.size());
    return mixer.finish().low;
}

void Pbft::on_message(Env& env, NodeId from, const MessageRef& message) {
    if (const auto* content = message->as<Content>(env.codec())) handle(env, from, *content);
}

void Pbft::handle(Env& env, NodeId from, const Content& message) {
    switch (message.kind) {
        case Content::Request: return on_request(env, message.transaction);
        case Content::PrePrepare: return on_pre_prepare(env, from, message);
        case Content::Prepare: return on_vote(env, Phase::Prepare, message);
        case Content::Commit: return on_vote(env, Phase::Commit, message);
        case Content::ViewChange: return on_view_change(env, from, message);
        case Content::NewView: return on_new_view(env, from, message);
        case Content::Fetch: return supply(env, from, message.height);
        case Content::Supply: return on_supply(env, message);
    }
}

// --- requests ---

void Pbft::on_submit(Env& env, const TransactionRef& transaction) {
    Content request;
    request.transaction = transaction;
    env.broadcast(request.encoded());
    on_request(env, transaction);
}

void Pbft::on_request(Env& env, const TransactionRef& transaction) {
    if (!env.admits(head(), transaction->transaction) || !pool_.add(transaction)) return;
    if (!timer_) restart_timer(env);
    try_propose(env);
}

// --- pre-prepare ---

// The primary makes a block when there is something to put into one and the last one is decided.
void Pbft::try_propose(Env& env) {
    const bool is_free = !is_changing_ && !accepted_ && !deciding_ && primary(env) == env.self();
    if (!is_free || pool_.empty() || head()->height() >= options_.most_blocks) return;
    if (bound_ && bound_height_ == next_height()) return;  // on_new_view proposes what it must
    if (last_vote_ == std::pair(view_, next_height())) return;
    const Draft draft{timestamp_at(env.now()), 0, {}, options_.block_transactions};
    auto [header, transactions] = env.build(head(), draft, pool_.candidates(2 * options_.block_transactions));
    if (!transactions.empty()) propose(env, seal(header, std::move(transactions)));
}

void Pbft::propose(Env& env, const BlockRef& block) {
    if (!env.execute(block).refusal.accepted()) return;
    Content message;
    message.kind = Content::PrePrepare;
    message.view = view_;
    message.height = block->height();
    message.block = block;
    message.block_hash = block->hash;
    message.vote = {env.self(), env.sign(vote_hash(Phase::Prepare, view_, block->height(), block->hash))};
    accepted_ = block;
    last_vote_ = {view_, block->height()};
    last_vote_block_ = block->hash;
    save_and_send(env, {{pbft::vote_key, pbft::vote_value(view_, *block)}}, message);
}

void Pbft::on_pre_prepare(Env& env, NodeId from, const Content& message) {
    if (message.view < view_ || message.height < next_height()) return;
    if (message.view > view_ || is_changing_ || message.height > next_height()) {
        const auto is_same = [&](const auto& kept) {
            return kept.first == from && kept.second.view == message.view && kept.second.height == message.height &&
                   kept.second.block_hash == message.block_hash && kept.second.vote.signature == message.vote.signature;
        };
        if (kept_.size() < most_kept && std::ranges::none_of(kept_, is_same)) kept_.emplace_back(from, message);
        if (!is_changing_ || message.height > next_height()) fetch(env, from);
        return;
    }
    const BlockRef& block = message.block;
    const bool is_from_primary =
        message.vote.signer == primary(env) && block->hash == message.block_hash && block->height() == message.height &&
        block->parent() == head()->hash &&
        env.verify(message.vote.signer, vote_hash(Phase::Prepare, view_, message.height, block->hash),
                   message.vote.signature);
    if (!is_from_primary || primary(env) == env.self() || (accepted_ && accepted_->hash != block->hash)) return;
    if (bound_ && bound_height_ == message.height && *bound_ != block->hash) return;
    if (last_vote_ == std::pair(view_, message.height) && last_vote_block_ != block->hash) return;
    if (!env.execute(block).refusal.accepted()) return;
    count(env, Phase::Prepare, message);
    if (accepted_ || deciding_ || next_height() != message.height) return;
    accepted_ = block;
    if (!timer_) restart_timer(env);
    last_vote_ = {view_, message.height};
    last_vote_block_ = block->hash;
    vote(env, Phase::Prepare, block, {{pbft::vote_key, pbft::vote_value(view_, *block)}});
}

// --- votes ---

void Pbft::vote(Env& env, Phase phase, const BlockRef& block, Batch batch) {
    Content message;
    message.kind = phase == Phase::Prepare ? Content::Prepare : Content::Commit;
    message.view = view_;
    message.height = block->height();
    message.block_hash = block->hash;
    message.vote = {env.self(), env.sign(vote_hash(phase, view_, message.height, message.block_hash))};
    save_and_send(env, std::move(batch), message);
}

// A commit counts in whatever view this node is: a quorum of them decides.
void Pbft::on_vote(Env& env, Phase phase, const Content& message) {
    if (message.height < next_height()) return;
    if (message.height > next_height()) return fetch(env, message.vote.signer);
    if (phase == Phase::Prepare && message.view < view_) return;
    if (!env.verify(message.vote.signer, vote_hash(phase, message.view, message.height, message.block_hash),
                    message.vote.signature))
        return;
    count(env, phase, message);
}

// Only the first vote of a node counts in each phase of a ballot: no liar can fill the memory.
bool Pbft::has_other_vote(Phase phase, const Content& message) const {
    const std::tuple ballot(phase, message.view, message.height);
    for (auto at = votes_.lower_bound(std::tuple_cat(ballot, std::tuple(Hash{}))); at != votes_.end(); ++at) {
        const auto& [voted_phase, view, height, block] = at->first;
        if (std::tuple(voted_phase, view, height) != ballot) break;
        if (block != message.block_hash && at->second.contains(message.vote.signer)) return true;
    }
    return false;
}

void Pbft::count(Env& env, Phase phase, const Content& message) {
    if (has_other_vote(phase, message) || message.view > view_ + most_views_ahead) return;
    std::map<NodeId, Signature>& signers = votes_[{phase, message.view, message.height, message.block_hash}];
    signers.emplace(message.vote.signer, message.vote.signature);
    if (signers.size() < quorum(env)) return;
    Certificate certificate{phase, message.view, message.height, message.block_hash, {}};
    for (const auto& [signer, signature] : signers) certificate.votes.push_back({signer, signature});
    const bool is_accepted = accepted_ && accepted_->hash == message.block_hash;
    if (phase == Phase::Commit) {
        const BlockRef block = is_accepted                                                      ? accepted_
                               : prepared_block_ && prepared_block_->hash == message.block_hash ? prepared_block_
                                                                                                : nullptr;
        if (block) return decide(env, block, std::move(certificate));
        return fetch(env, message.vote.signer);
    }
    const bool is_known = prepared_ && prepared_->view == message.view && prepared_->block == message.block_hash;
    if (!is_accepted || is_known || message.view != view_ || is_changing_) return;
    prepared_ = std::move(certificate);
    prepared_block_ = accepted_;
    vote(env, Phase::Commit, accepted_, {{pbft::prepared_key, pbft::prepared_value(*prepared_, *accepted_)}});
}

// Writes a promise down, then sends it; `on_persisted` hears of it in the same order.
void Pbft::save_and_send(Env& env, Batch batch, const Content& message) {
    outbox_.emplace(++outbox_count_, message);
    env.persist(std::move(batch), {pbft::Send, outbox_count_});
}

void Pbft::on_persisted(Env& env, Timer then) {
    if (then.kind == pbft::Decided) return append_decided(env);
    const auto found = outbox_.find(then.number);
    if (found == outbox_.end()) return;
    const Content message = std::move(found->second);
    outbox_.erase(found);
    const bool is_commit = message.kind == Content::Commit;
    if (message.kind == Content::Prepare || message.kind == Content::PrePrepare || is_commit)
        env.ghost({Ghost::Vote, is_commit ? 1U : 0U, message.height, message.view, message.block_hash});
    if (message.kind == Content::ViewChange) env.ghost({Ghost::Promise, 0, Ghost::every_instance, message.view, {}});
    env.broadcast(message.encoded());
    if (message.kind == Content::ViewChange) return on_view_change(env, env.self(), message);
    if (message.height == next_height()) count(env, is_commit ? Phase::Commit : Phase::Prepare, message);
}

// --- decisions ---

void Pbft::decide(Env& env, const BlockRef& block, Certificate certificate) {
    if (!deciding_) write_decided(env, {block}, std::move(certificate));
}

void Pbft::write_decided(Env& env, std::vector<BlockRef> blocks, Certificate certificate) {
    Batch batch;
    for (const BlockRef& block : blocks)
        batch.emplace_back(pbft::block_key(block->height()), DurableValue(block, &block->encoded));
    batch.emplace_back(pbft::certificate_key, pbft::certificate_value(certificate));
    env.persist(std::move(batch), {pbft::Decided, 0});
    deciding_.emplace(std::move(blocks), std::move(certificate));
}

void Pbft::append_decided(Env& env) {
    if (!deciding_) return;
    const auto [blocks, certificate] = *std::exchange(deciding_, std::nullopt);
    checkpoints_[certificate.height] = certificate;
    for (const BlockRef& block : blocks) append(block);
    suspicions_ = 0;
    restart_timer(env);
    retry_kept(env);
    try_new_view(env);
    try_propose(env);
}

// The block is decided and durable. Certificates below it are dropped, but for one in many.
void Pbft::append(const BlockRef& block) {
    heights_[block->hash] = block->height();
    chain_.push_back(block);
    pool_.settle(*block);
    accepted_ = nullptr;
    const std::uint64_t before = block->height() - 1;
    if (before % pbft::checkpoint_distance != 0) checkpoints_.erase(before);
    std::erase_if(votes_, [&](const auto& entry) { return std::get<2>(entry.first) <= block->height(); });
}

// Looks again at messages that came too early.
void Pbft::retry_kept(Env& env) {
    for (const auto& [from, message] : std::exchange(kept_, {})) handle(env, from, message);
}

// --- suspicion ---

// The timer runs while there is something to do. It waits twice as long after each time that nothing came of it.
void Pbft::restart_timer(Env& env) {
    if (timer_) env.cancel(*timer_);
    timer_.reset();
    if (pool_.empty() && !accepted_ && !is_changing_) return;
    timer_ = env.set_timer(options_.timeout << std::min(suspicions_, most_doublings), {pbft::Progress, 0});
}

void Pbft::on_timer(Env& env, Timer timer) {
    if (timer.kind == pbft::Status) return ask_somebody(env);
    timer_.reset();
    on_timeout(env);
    if (!timer_) restart_timer(env);
}

// First the others are reminded of what is to be done; then the primary is given up.
void Pbft::on_timeout(Env& env) {
    ++suspicions_;
    if (is_changing_) return change_view(env, has_left(env) ? view_ + 1 : view_);
    for (const TransactionRef& tx : pool_.candidates(most_forwarded)) {
        Content request;
        request.transaction = tx;
        env.broadcast(request.encoded());
    }
    if (suspicions_ <= options_.reminders) return;
    const auto could_be_made =
        env.build(head(), {timestamp_at(env.now()), 0, {}, 1}, pool_.candidates(most_forwarded)).second;
    if (accepted_ || !could_be_made.empty()) change_view(env, view_ + 1);
}

}  // namespace interlock::chain::consensus
