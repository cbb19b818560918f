// Changes of view in ByzCoin. As in PBFT, with one difference: they are of one height, so that a quorum of one council
// proves what may have been decided by it, and nothing of other heights.

#include <set>

#include "chain/consensus/byzcoin/byzcoin.hpp"
#include "chain/consensus/byzcoin/keys.hpp"

namespace interlock::chain::consensus {

void ByzCoin::on_timer(Env& env, Timer timer) {
    if (timer.kind == Status) return ask_somebody(env);
    if (timer.kind == Mine) return find_key(env);
    timer_.reset();
    on_timeout(env);
    if (!timer_) restart_timer(env);
}

// First the others are reminded of what is to be done; then the leader is given up.
void ByzCoin::on_timeout(Env& env) {
    ++suspicions_;
    remind(env);
    if (is_changing_) return change_view(env, weight_from(view_) >= quorum() ? view_ + 1 : view_);
    if (suspicions_ <= options_.reminders) return;
    if (accepted_ || election_ || could_fill_block(env)) change_view(env, view_ + 1);
}

void ByzCoin::remind(Env& env) {
    forward_requests(env);
    if (election_) {
        Content work;
        work.kind = Content::Work;
        work.election = *election_;
        work.block_hash = key_;
        env.broadcast(work.encoded());
    }
    if (is_changing_ || !accepted_) return;
    repeat_votes(env);
    fetch(env, leader());  // it may be decided
}

// Leaves the view for a later one, or says so again.
void ByzCoin::change_view(Env& env, std::uint64_t view) {
    view_ = view;
    is_changing_ = true;
    accepted_ = nullptr;
    justification_.clear();
    proposal_ = nullptr;
    votes_.clear();
    certified_.clear();
    Content change;
    change.kind = Content::ViewChange;
    change.view = view;
    change.height = next_height();
    change.block_hash = head()->hash;
    if (prepared_) {
        change.certificate = *prepared_;
        change.block = prepared_block_;
    }
    sign_and_send(env, {byzcoin::view_entry(next_height(), view_, true)}, std::move(change));
    restart_timer(env);
}

// What those weigh who have left the views below one, and said so.
std::uint32_t ByzCoin::weight_from(std::uint64_t view) const {
    std::uint32_t sum = 0;
    for (auto at = changes_.lower_bound(view); at != changes_.end(); ++at)
        for (const auto& [signer, change] : at->second) sum += council_.weight(signer);
    return sum;
}

bool ByzCoin::is_valid_change(Env& env, const Content& change) const {
    if (change.kind != Content::ViewChange || change.height != next_height() || council_.weight(change.vote.signer) == 0 ||
        !env.verify(change.vote.signer, change.hash_to_sign(), change.vote.signature))
        return false;
    const Certificate& prepared = change.certificate;
    if (prepared.height == 0) return !change.block;
    return prepared.phase == Phase::Prepare && prepared.height == change.height && prepared.view < change.view &&
           change.block && change.block->hash == prepared.block && change.block->parent() == head()->hash &&
           council_.weight_behind(env, prepared) >= quorum();
}

void ByzCoin::on_view_change(Env& env, NodeId from, const Content& change) {
    if (change.height < next_height() && from != env.self()) return supply(env, from, change.height);
    if (change.height > next_height()) return fetch(env, from);
    if (!is_valid_change(env, change)) return;
    const NodeId signer = change.vote.signer;
    if (change.view < view_ || (change.view == view_ && !is_changing_)) {
        if (proposal_ && signer != env.self()) env.send(signer, proposal_);
        return;
    }
    if (!add_change(change)) return;

    // At least a share of those who have left the view is not a liar's.
    if (weight_from(view_ + 1) > council_.most_faulty()) return change_view(env, changes_.upper_bound(view_)->first);
    try_lead(env);
}

// The view change whose prepared block must be proposed, or null if any block may be.
const byzcoin::Message* ByzCoin::constraint_of(const std::vector<Content>& changes) {
    const Content* chosen = nullptr;
    for (const Content& change : changes)
        if (change.block && (!chosen || change.certificate.view > chosen->certificate.view)) chosen = &change;
    return chosen;
}

// The leader of a view begins it when a quorum has left those before.
void ByzCoin::try_lead(Env& env) {
    const auto found = changes_.find(view_);
    if (!is_changing_ || leader() != env.self() || found == changes_.end() || deciding_) return;
    std::uint32_t weight = 0;
    for (const auto& [signer, change] : found->second) weight += council_.weight(signer);
    if (weight < quorum()) return;
    for (const auto& [signer, change] : found->second) justification_.push_back(change);
    is_changing_ = false;
    restart_timer(env);
    if (const Content* constraint = constraint_of(justification_)) propose(env, constraint->block);
    else try_propose(env);
}

// Whether a proposal may be made in its view: in the first one, or behind the view changes of a quorum.
bool ByzCoin::is_justified(Env& env, const Content& proposal) const {
    if (proposal.view == 0) return proposal.changes.empty();
    std::set<NodeId> signers;
    std::uint32_t weight = 0;
    for (const Content& change : proposal.changes) {
        if (change.view != proposal.view || !is_valid_change(env, change) || !signers.insert(change.vote.signer).second)
            return false;
        weight += council_.weight(change.vote.signer);
    }
    return weight >= quorum();
}

}  // namespace interlock::chain::consensus
