// The normal case of PBFT: request, pre-prepare, prepare, commit.

#include "chain/consensus/pbft/pbft.hpp"

namespace interlock::chain::consensus {

namespace {

constexpr std::uint64_t most_views_ahead = 100;
constexpr std::uint64_t checkpoint_distance = 64;  // blocks between those whose certificates are kept

}  // namespace

void Pbft::start(Env& env, const Durable& durable) {
    begin_with(env.genesis());
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

std::uint64_t Pbft::digest() const {
    FingerprintMixer mixer = voting_digest();
    for (const auto& [key, signers] : votes_)
        mixer.absorb(std::get<1>(key)).absorb(vm::to_word(std::get<3>(key))).absorb(signers.size());
    return mixer.finish().low;
}

std::optional<std::uint64_t> Pbft::fingerprint() const {
    FingerprintMixer mixer = voting_fingerprint();
    for (const auto& [height, certificate] : checkpoints_) certificate.absorb_into(mixer);
    mixer.absorb(bound_height_).absorb(vm::to_word(bound_.value_or(Hash{})));
    mixer.absorb(last_vote_.first).absorb(last_vote_.second).absorb(vm::to_word(last_vote_block_));
    for (const auto& [key, signers] : votes_) {
        const auto& [phase, view, height, block] = key;
        mixer.absorb(static_cast<std::uint64_t>(phase)).absorb(view).absorb(height).absorb(vm::to_word(block));
        for (const auto& [signer, signature] : signers) mixer.absorb(signer).absorb(signature.r);
        mixer.absorb(UINT64_MAX);
    }
    return mixer.absorb(new_view_ ? new_view_->digest() : 0).finish().low;
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
    if (!follows_head(env, block)) return;
    Content message = about(env, Content::PrePrepare, Phase::Prepare, block);
    message.block = block;
    accepted_ = block;
    last_vote_ = {view_, block->height()};
    last_vote_block_ = block->hash;
    save_and_send(env, {pbft::vote_entry(view_, *block)}, std::nullopt, message);
}

void Pbft::on_pre_prepare(Env& env, NodeId from, const Content& message) {
    if (message.view < view_ || message.height < next_height()) return;
    if (message.view > view_ || is_changing_ || message.height > next_height()) {
        keep(from, message);
        if (!is_changing_ || message.height > next_height()) fetch(env, from);
        return;
    }
    const BlockRef& block = message.block;
    const bool is_from_primary = message.vote.signer == primary(env) && block->hash == message.block_hash &&
                                 block->height() == message.height && block->parent() == head()->hash &&
                                 is_signed_vote(env, Phase::Prepare, message);
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
    vote(env, Phase::Prepare, block, {pbft::vote_entry(view_, *block)});
}

// --- votes ---

void Pbft::vote(Env& env, Phase phase, const BlockRef& block, Batch batch) {
    save_and_send(env, std::move(batch), std::nullopt, vote_for(env, phase, block));
}

// A commit counts in whatever view this node is: a quorum of them decides.
void Pbft::on_vote(Env& env, Phase phase, const Content& message) {
    if (message.height < next_height()) return;
    if (message.height > next_height()) return fetch(env, message.vote.signer);
    if (phase == Phase::Prepare && message.view < view_) return;
    if (is_signed_vote(env, phase, message)) count(env, phase, message);
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
    if (phase == Phase::Commit) {
        const BlockRef block = known_block(message.block_hash);
        if (!block) return fetch(env, message.vote.signer);
        if (!deciding_) write_decided(env, {block}, std::move(certificate), certificate_key);
        return;
    }
    const bool is_accepted = accepted_ && accepted_->hash == message.block_hash;
    const bool is_known = prepared_ && prepared_->view == message.view && prepared_->block == message.block_hash;
    if (!is_accepted || is_known || message.view != view_ || is_changing_) return;
    prepared_ = std::move(certificate);
    prepared_block_ = accepted_;
    vote(env, Phase::Commit, accepted_, {pbft::prepared_entry(*prepared_, *accepted_)});
}

void Pbft::on_persisted(Env& env, Timer then) {
    if (then.kind == Decided) return append_decided(env);
    const auto letter = take_from_outbox(then.number);
    if (!letter) return;
    const Content& message = letter->second;
    const bool is_commit = message.kind == Content::Commit;
    if (message.kind == Content::Prepare || message.kind == Content::PrePrepare || is_commit)
        env.ghost({Ghost::Vote, is_commit ? 1U : 0U, message.height, message.view, message.block_hash});
    if (message.kind == Content::ViewChange) env.ghost({Ghost::Promise, 0, Ghost::every_instance, message.view, {}});
    env.broadcast(message.encoded());
    if (message.kind == Content::ViewChange) return on_view_change(env, env.self(), message);
    if (message.height == next_height()) count(env, is_commit ? Phase::Commit : Phase::Prepare, message);
}

// --- decisions ---

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
    extend(block);
    accepted_ = nullptr;
    const std::uint64_t before = block->height() - 1;
    if (before % checkpoint_distance != 0) checkpoints_.erase(before);
    std::erase_if(votes_, [&](const auto& entry) { return std::get<2>(entry.first) <= block->height(); });
}

// --- suspicion ---

void Pbft::on_timer(Env& env, Timer timer) {
    if (timer.kind == Status) return ask_somebody(env);
    timer_.reset();
    on_timeout(env);
    if (!timer_) restart_timer(env);
}

// First the others are reminded of what is to be done; then the primary is given up.
void Pbft::on_timeout(Env& env) {
    ++suspicions_;
    if (is_changing_) return change_view(env, has_left(env) ? view_ + 1 : view_);
    forward_requests(env);
    if (suspicions_ > options_.reminders && (accepted_ || could_fill_block(env))) change_view(env, view_ + 1);
}

}  // namespace interlock::chain::consensus
