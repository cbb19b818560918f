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
    reported_.clear();
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
    if (message.ballot != ballot_) return;
    if (is_leading_ && members_.may_change() && promises_.emplace(from, message).second) {
        take_reports(message);
        return try_propose(env);
    }
    if (!is_candidate_) return;
    promises_.insert_or_assign(from, message);
    try_lead(env);
}

// Of what was accepted at each height the block of the highest ballot may be decided.
void MultiPaxos::take_reports(const Content& promise) {
    for (const Entry& entry : promise.entries) {
        Entry& best = reported_[entry.block->height()];
        if (!best.block || entry.ballot > best.ballot) best = entry;
    }
}

// Whether this leader has what it takes to propose at a height: it knows who votes there, a quorum of them has promised,
// and where they are others than one below, all is decided that those before vote on.
bool MultiPaxos::may_propose(const Env& env, std::uint64_t height) const {
    if (!members_.may_change()) return true;
    if (height > members_.known_up_to()) return false;
    if (height > 1 && members_.at(height) != members_.at(height - 1) && decided() + 1 < height) return false;
    std::vector<NodeId> promised;
    for (const auto& [node, promise] : promises_) promised.push_back(node);
    return is_quorum(env, height, promised);
}

void MultiPaxos::propose_reported(Env& env) {
    for (auto at = reported_.begin(); at != reported_.end(); at = reported_.erase(at)) {
        const auto& [height, entry] = *at;
        if (height > tip_->height() && !may_propose(env, tip_->height() + 1)) return;
        if (height == tip_->height() + 1 && entry.block->parent() == tip_->hash) propose(env, entry.block);
    }
}

// Those who vote at a height to come, and have promised nothing yet.
void MultiPaxos::ask_new_members(Env& env) {
    if (!members_.may_change()) return;
    const std::vector<std::uint32_t>& weights = members_.at(tip_->height() + 1);
    for (const NodeId peer : env.peers()) {
        if (weights[peer] == 0 || promises_.contains(peer)) continue;
        Content prepare;
        prepare.kind = Content::Prepare;
        prepare.ballot = ballot_;
        send(env, peer, std::move(prepare));
    }
}

// Leads when a quorum has promised, this node among them so that no later life of it uses the ballot again, and it knows
// all that they know to be decided. Then it proposes again what they had accepted, of each height what is of the highest
// ballot: that may be decided. A block that does not follow the one below it cannot be.
void MultiPaxos::try_lead(Env& env) {
    std::vector<NodeId> promised;
    for (const auto& [node, promise] : promises_) promised.push_back(node);
    if (!is_candidate_ || !is_quorum(env, decided() + 1, promised) || !promises_.contains(env.self()) || deciding_) return;
    for (const auto& [from, promise] : promises_)
        if (promise.decided > decided()) return fetch(env, from);
    for (const auto& [from, promise] : promises_) take_reports(promise);
    is_candidate_ = false;
    is_leading_ = true;
    tip_ = head();
    propose_reported(env);
    beat(env);
    try_propose(env);
}

// --- phase 2, for one block after another ---

// Blocks without transactions lead up to the height where members change.
void MultiPaxos::try_propose(Env& env) {
    if (is_leading_) propose_reported(env);
    const auto leads_to_change = [this] { return members_.may_change() && members_.last_change() > tip_->height(); };
    while (is_leading_ && (!pool_.empty() || leads_to_change()) && tip_->height() < options_.most_blocks &&
           tip_->height() - decided() < options_.window && may_propose(env, tip_->height() + 1)) {
        const Draft draft{timestamp_at(env.now()), 0, {}, options_.block_transactions};
        auto [header, transactions] =
            env.build(tip_, draft, pool_.candidates((options_.window + 2) * options_.block_transactions));
        if (transactions.empty() && !leads_to_change()) return;
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
        const std::vector<NodeId> supporters(nodes.begin(), nodes.end());
        if (height != decided() + 1 + fresh.size() || !is_quorum(env, height, supporters)) break;
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
    ask_new_members(env);
    try_propose(env);
}

}  // namespace interlock::chain::consensus
