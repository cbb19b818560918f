// Leaders of MultiPaxos: how one is elected, what it must propose first, and how it goes on.

#include <utility>

#include "chain/consensus/gossip.hpp"
#include "chain/consensus/multipaxos/multipaxos.hpp"

namespace interlock::chain::consensus {

namespace {

constexpr std::size_t most_forwarded_at_once = 200;  // transactions, when there is a new leader

}  // namespace

// Waits for signs of a leader; each node a little longer or shorter, so that not all campaign at once.
void MultiPaxos::wait_for_leader(Env& env, Nanoseconds time) {
    if (election_) env.cancel(*election_);
    election_ = env.set_timer(time == 0 ? 0 : env.random().between(time, 2 * time), {Election, 0});
}

void MultiPaxos::on_timer(Env& env, Timer timer) {
    if (timer.kind == Beat) return beat(env);
    election_.reset();
    if (!is_leading_) campaign(env);
}

// Gives up leading, since somebody has a higher ballot.
void MultiPaxos::step_down(Env& env, std::uint64_t ballot) {
    ballot_ = ballot;
    is_leading_ = is_candidate_ = false;
    promises_.clear();
    supporters_.clear();
    early_.clear();
    if (beat_) env.cancel(*beat_);
    beat_.reset();
    wait_for_leader(env, options_.timeout);
    for (const TransactionRef& tx : pool_.candidates(most_forwarded_at_once)) {
        Content request;
        request.transaction = tx;
        if (leader(env) != env.self()) send(env, leader(env), std::move(request));
    }
}

// --- phase 1, for all blocks above what is decided ---

void MultiPaxos::campaign(Env& env) {
    const std::uint64_t nodes = env.nodes();
    step_down(env, (ballot_ / nodes + 1) * nodes + env.self());
    is_candidate_ = true;
    Content prepare;
    prepare.kind = Content::Prepare;
    prepare.ballot = ballot_;
    for (const NodeId peer : env.peers()) send(env, peer, prepare);
    Content promise;
    promise.kind = Content::Promise;
    promise.ballot = ballot_;
    for (const auto& [height, entry] : accepted_) promise.entries.push_back(entry);
    save_and_send(env, {{{1, 0}, std::make_shared<const Bytes>(rlp::Encoder().number(ballot_).take())}}, env.self(),
                  std::move(promise));
}

void MultiPaxos::on_promise(Env& env, NodeId from, const Content& message) {
    if (!is_candidate_ || message.ballot != ballot_) return;
    promises_.insert_or_assign(from, message);
    try_lead(env);
}

// Leads when a quorum has promised, this node among them so that no later life of it uses the ballot again, and it knows
// all that they know to be decided. Then it proposes again what they had accepted, of each height what is of the highest
// ballot: that may be decided. A block that does not follow the one below it cannot be.
void MultiPaxos::try_lead(Env& env) {
    if (!is_candidate_ || promises_.size() < quorum(env) || !promises_.contains(env.self()) || deciding_) return;
    for (const auto& [from, promise] : promises_)
        if (promise.decided > decided()) return fetch(env, from);
    std::map<std::uint64_t, Entry> latest;
    for (const auto& [from, promise] : promises_)
        for (const Entry& entry : promise.entries) {
            Entry& best = latest[entry.block->height()];
            if (!best.block || entry.ballot > best.ballot) best = entry;
        }
    is_candidate_ = false;
    is_leading_ = true;
    tip_ = head();
    for (const auto& [height, entry] : latest)
        if (height == tip_->height() + 1 && entry.block->parent() == tip_->hash) propose(env, entry.block);
    beat(env);
    try_propose(env);
}

// --- phase 2, for one block after another ---

void MultiPaxos::try_propose(Env& env) {
    while (is_leading_ && !pool_.empty() && tip_->height() < options_.most_blocks &&
           tip_->height() - decided() < options_.window) {
        const Draft draft{timestamp_at(env.now()), 0, {}, options_.block_transactions};
        auto [header, transactions] =
            env.build(tip_, draft, pool_.candidates((options_.window + 2) * options_.block_transactions));
        if (transactions.empty()) return;
        propose(env, seal(header, std::move(transactions)));
    }
}

void MultiPaxos::propose(Env& env, const BlockRef& block) {
    if (!env.execute(block).refusal.accepted()) return;
    tip_ = block;
    Content accept;
    accept.kind = Content::Accept;
    accept.ballot = ballot_;
    accept.height = block->height();
    accept.entries = {{ballot_, block}};
    accept.decided = decided();
    env.broadcast(accept.encoded());
    const Entry& entry = accepted_[block->height()] = {ballot_, block};
    rlp::Encoder out;
    out.open().number(entry.ballot).string(block->encoded).close();
    Content own;
    own.kind = Content::Accepted;
    own.ballot = ballot_;
    own.height = block->height();
    save_and_send(env, {{{2, block->height()}, std::make_shared<const Bytes>(out.take())}}, env.self(), std::move(own));
}

void MultiPaxos::on_accepted(Env& env, NodeId from, const Content& message) {
    if (!is_leading_) return;
    if (message.decided > decided() && !deciding_) fetch(env, from);
    if (message.height > decided() && message.ballot == ballot_) supporters_[message.height].insert(from);
    if (deciding_) return;
    std::vector<BlockRef> fresh;
    for (const auto& [height, nodes] : supporters_) {
        if (height != decided() + 1 + fresh.size() || nodes.size() < quorum(env)) break;
        fresh.push_back(accepted_.at(height).block);
    }
    if (!fresh.empty()) write_decided(env, std::move(fresh));
}

// Tells everybody that this node leads and what is decided, and repeats what seems to be lost.
void MultiPaxos::beat(Env& env) {
    if (!is_leading_) return;
    beat_ = env.set_timer(options_.timeout / 4, {Beat, 0});
    const std::uint64_t proposed_before = std::exchange(proposed_at_last_beat_, tip_->height());
    for (const NodeId peer : env.peers()) {
        Content heartbeat;
        heartbeat.kind = Content::Heartbeat;
        heartbeat.ballot = ballot_;
        send(env, peer, std::move(heartbeat));
        for (const auto& [height, entry] : accepted_) {
            const bool is_late = entry.ballot == ballot_ && height <= proposed_before;
            if (!is_late || supporters_[height].contains(peer)) continue;
            Content accept;
            accept.kind = Content::Accept;
            accept.ballot = ballot_;
            accept.height = height;
            accept.entries = {entry};
            send(env, peer, std::move(accept));
        }
    }
    try_propose(env);
}

}  // namespace interlock::chain::consensus
