#include "chain/consensus/tree_engine.hpp"

namespace interlock::chain::consensus {

namespace {

constexpr std::uint32_t block_key = 1;  // of what is durable: blocks, by their number of arrival

}  // namespace

void TreeEngine::start(Env& env, const Durable& durable) {
    tree_.plant(env.genesis());
    finalised_ = &tree_.head();
    for (const auto& [key, value] : durable)
        if (key.first == block_key)
            if (const BlockRef block = env.codec().block(*value)) add(env, block, message_of(block));
}

BlockRef TreeEngine::find(const Hash& block) const {
    const BlockTree::Entry* entry = tree_.find(block);
    return entry ? entry->block : tree_.orphan(block);
}

std::uint64_t TreeEngine::digest() const {
    Fingerprint sum;  // of a set: the order in which blocks came is not part of the state
    for (const auto& [hash, entry] : tree_.entries()) sum ^= FingerprintMixer({1, 2}).absorb(vm::to_word(hash)).finish();
    return FingerprintMixer(sum).absorb(vm::to_word(head()->hash)).absorb(pool_.size()).finish().low;
}

std::uint64_t TreeEngine::tree_fingerprint() const {
    Fingerprint sum =
        FingerprintMixer({tree_.fingerprint(), pool_.fingerprint()}).absorb(vm::to_word(finalised_->block->hash)).finish();
    for (const auto& [hash, time] : asked_)
        sum ^= FingerprintMixer({4, static_cast<std::uint64_t>(time)}).absorb(vm::to_word(hash)).finish();
    return sum.low;
}

void TreeEngine::on_message(Env& env, NodeId from, const MessageRef& message) {
    const auto* gossip = message->as<Gossip>(env.codec());
    if (!gossip) return;
    switch (gossip->kind) {
        case Gossip::Transaction: return on_transaction(env, from, gossip->transaction, message);
        case Gossip::Block: return on_block(env, from, gossip->block, message);
        case Gossip::Request:
            if (const BlockTree::Entry* entry = tree_.find(gossip->hash); entry && entry->message)
                env.send(from, entry->message);
            return;
        case Gossip::Announce: break;
    }
    if (!tree_.knows(gossip->hash)) ask(env, from, gossip->hash);
}

void TreeEngine::ask(Env& env, NodeId from, const Hash& block) {
    const auto [asked, is_new] = asked_.try_emplace(block, env.now());
    if (!is_new && env.now() - asked->second < options_.timeout) return;
    asked->second = env.now();
    env.send(from, request_of(block));
}

void TreeEngine::on_submit(Env& env, const TransactionRef& tx) { on_transaction(env, std::nullopt, tx, message_of(tx)); }

void TreeEngine::on_transaction(Env& env, std::optional<NodeId> from, const TransactionRef& tx, const MessageRef& message) {
    if (!env.admits(head(), tx->transaction)) return;
    const bool is_new = pool_.add(tx);
    if (!is_new && from) return;
    if (!from || options_.relays)
        for (const NodeId peer : env.peers())
            if (peer != from) env.send(peer, message);
    if (is_new) on_work(env);
}

void TreeEngine::on_block(Env& env, NodeId from, const BlockRef& block, const MessageRef& message) {
    if (tree_.knows(block->hash)) return;
    asked_.erase(block->hash);
    const BlockTree::Entry* added = add(env, block, message);
    if (added && options_.relays) spread(env, *added, from);
    if (added || tree_.find(block->parent())) return;
    if (!tree_.knows(block->parent())) env.send(from, request_of(block->parent()));
    else ask(env, from, tree_.missing_below(block->parent()));  // an answer was lost on the way down
}

// Returns the entry of the block if it became part of the tree. Orphans that waited for it come along, and are announced.
const BlockTree::Entry* TreeEngine::add(Env& env, const BlockRef& block, const MessageRef& message) {
    const BlockRef before = head();
    const auto is_valid = [&](const BlockTree::Entry& parent, const BlockRef& next) {
        return accepts(env, *parent.block, *next) && env.execute(next).refusal.accepted();
    };
    const std::vector<const BlockTree::Entry*> added = tree_.add(block, message, is_valid);
    for (const BlockTree::Entry* entry : added) {
        env.persist({{{block_key, tree_.size()}, DurableValue(entry->block, &entry->block->encoded)}});
        if (entry != added.front() && options_.relays) spread(env, *entry, std::nullopt);
    }
    if (head() != before) {
        settle(*final_below(tree_.head()));
        on_new_head(env);
    }
    return added.empty() ? nullptr : added.front();
}

void TreeEngine::add_own(Env& env, const BlockRef& block) {
    if (const BlockTree::Entry* entry = add(env, block, message_of(block))) publish(env, *entry);
}

void TreeEngine::publish(Env& env, const BlockTree::Entry& entry) { spread(env, entry, std::nullopt); }

void TreeEngine::spread(Env& env, const BlockTree::Entry& entry, std::optional<NodeId> except) {
    const MessageRef message = options_.pushes ? entry.message : announcement_of(entry.block->hash);
    for (const NodeId peer : env.peers())
        if (peer != except) env.send(peer, message);
}

const BlockTree::Entry* TreeEngine::final_below(const BlockTree::Entry& head) const {
    return &BlockTree::below(head, options_.confirmations);
}

// Moves what is final up to the entry, if that is higher, and takes its transactions from the pool.
void TreeEngine::settle(const BlockTree::Entry& upto) {
    if (upto.block->height() <= finalised_->block->height()) return;
    for (const BlockTree::Entry* at = &upto; at && at->block->height() > finalised_->block->height(); at = at->parent)
        pool_.settle(*at->block);
    finalised_ = &upto;
}

}  // namespace interlock::chain::consensus
