// Changes of view: why a new primary must propose what an old one may have had decided.
//
// A decided block was committed by a quorum, each of whom had prepared it and tells so in its view change. The view changes
// of another quorum therefore include the certificate of one who is not faulty.

#include <set>

#include "chain/consensus/pbft/pbft.hpp"

namespace interlock::chain::consensus {

Batch Pbft::view_batch() const {
    rlp::Encoder out;
    out.open().number(view_).number(is_changing_ ? 1 : 0).number(bound_height_);
    out.string(bound_ ? ByteView(*bound_) : ByteView{}).close();
    return {{pbft::view_key, std::make_shared<const Bytes>(out.take())}};
}

// Leaves the view for a later one, or says so again.
void Pbft::change_view(Env& env, std::uint64_t view) {
    view_ = view;
    is_changing_ = true;
    accepted_ = nullptr;
    new_view_ = nullptr;
    bound_.reset();
    bound_height_ = 0;
    Content change;
    change.kind = Content::ViewChange;
    change.view = view;
    change.height = head()->height();
    change.block_hash = head()->hash;
    change.committed = checkpoints_.at(head()->height());
    if (prepared_ && prepared_->height == next_height()) {
        change.prepared = *prepared_;
        change.block = prepared_block_;
    }
    sign_and_send(env, view_batch(), std::move(change));
    restart_timer(env);
}

// Whether a quorum has left the views below view_. Who is further ahead has left them, too: without him the others could
// wait for ever.
bool Pbft::has_left(const Env& env) const {
    std::size_t left = 0;
    for (auto at = changes_.lower_bound(view_); at != changes_.end(); ++at) left += at->second.size();
    return left >= quorum(env);
}

bool Pbft::is_valid_change(Env& env, const Content& change) const {
    if (change.kind != Content::ViewChange || !env.verify(change.vote.signer, change.hash_to_sign(), change.vote.signature))
        return false;
    const Certificate &committed = change.committed, &prepared = change.prepared;
    if (committed.phase != Phase::Commit || !committed.is_valid(env, quorum(env))) return false;
    if (prepared.height == 0) return true;
    return prepared.phase == Phase::Prepare && prepared.height == committed.height + 1 && prepared.view < change.view &&
           change.block && change.block->hash == prepared.block && change.block->parent() == committed.block &&
           prepared.is_valid(env, quorum(env));
}

void Pbft::on_view_change(Env& env, NodeId, const Content& change) {
    if (!is_valid_change(env, change)) return;
    const NodeId signer = change.vote.signer;
    if (signer != env.self()) {
        if (change.committed.height < head()->height()) supply(env, signer, change.committed.height + 1);
        if (change.committed.height > head()->height()) fetch(env, signer);
    }
    if (change.view < view_ || (change.view == view_ && !is_changing_)) {
        if (new_view_ && signer != env.self()) env.send(signer, new_view_);
        return;
    }
    if (!add_change(change)) return;

    // At least one of f + 1 nodes who have left the view is not faulty.
    std::size_t ahead = 0;
    for (auto at = changes_.upper_bound(view_); at != changes_.end(); ++at) ahead += at->second.size();
    if (ahead > faults_of(env.nodes())) return change_view(env, changes_.upper_bound(view_)->first);
    try_new_view(env);
}

// Returns the view change whose prepared block must be proposed next, or null if any block may be; `base` becomes the
// height below it, up to which all is decided.
const pbft::Message* Pbft::constraint_of(const std::vector<Content>& changes, std::uint64_t& base) {
    base = 0;
    for (const Content& change : changes) base = std::max(base, change.committed.height);
    const Content* chosen = nullptr;
    for (const Content& change : changes)
        if (change.prepared.height == base + 1 && (!chosen || change.prepared.view > chosen->prepared.view))
            chosen = &change;
    return chosen;
}

// The new primary begins its view when a quorum has left the one before and it knows all that is decided.
void Pbft::try_new_view(Env& env) {
    if (!is_changing_ || primary(env) != env.self()) return;
    const auto found = changes_.find(view_);
    if (found == changes_.end() || found->second.size() < quorum(env)) return;
    Content message;
    message.kind = Content::NewView;
    message.view = view_;
    for (const auto& [signer, change] : found->second) {
        message.view_changes.push_back(change);
        if (change.committed.height > head()->height()) return fetch(env, signer);
    }
    env.broadcast(message.encoded());
    enter_view(env, message);
}

void Pbft::on_new_view(Env& env, NodeId from, const Content& message) {
    if (message.view < view_ || (message.view == view_ && !is_changing_)) return;
    std::set<NodeId> signers;
    for (const Content& change : message.view_changes)
        if (change.view != message.view || !is_valid_change(env, change) || !signers.insert(change.vote.signer).second)
            return;
    if (signers.size() < quorum(env)) return;
    view_ = message.view;
    enter_view(env, message);
    if (bound_height_ > next_height()) fetch(env, from);
}

void Pbft::enter_view(Env& env, const Content& new_view) {
    std::uint64_t base = 0;
    const Content* constraint = constraint_of(new_view.view_changes, base);
    is_changing_ = false;
    accepted_ = nullptr;
    bound_height_ = base + 1;
    bound_ = constraint ? std::optional(constraint->prepared.block) : std::nullopt;
    new_view_ = new_view.encoded();
    changes_.erase(changes_.begin(), changes_.upper_bound(view_));
    env.persist(view_batch());
    restart_timer(env);
    if (primary(env) == env.self()) {
        if (constraint && bound_height_ == next_height()) propose(env, constraint->block);
        else try_propose(env);
    }
    retry_kept(env);
}

}  // namespace interlock::chain::consensus
