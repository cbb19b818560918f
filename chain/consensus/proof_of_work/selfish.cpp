#include "chain/consensus/proof_of_work/selfish.hpp"

namespace interlock::chain::consensus {

void SelfishMiner::start(Env& env, const Durable& durable) {
    tip_ = env.genesis();
    ProofOfWork::start(env, durable);
    tip_ = head();
    public_height_ = tip_->height();
}

void SelfishMiner::on_message(Env& env, NodeId from, const MessageRef& message) {
    ProofOfWork::on_message(env, from, message);
    const auto* gossip = message->as<Gossip>(env.codec());
    if (!gossip || gossip->kind != Gossip::Block || gossip->block->header.coinbase == coinbase_of(env.self())) return;
    if (tree().find(gossip->hash)) on_others_block(env, gossip->block);
}

// The pool has found a block. Where both branches were equally long, that decides it.
void SelfishMiner::publish(Env& env, const BlockTree::Entry& entry) {
    const bool was_tie = tip_->height() == public_height_;
    tip_ = entry.block;
    secret_.push_back(&entry);
    ++own_length_;
    if (!was_tie || own_length_ != 2) return;
    show(env, secret_.size());
    own_length_ = 0;
}

void SelfishMiner::on_others_block(Env& env, const BlockRef& block) {
    if (block->height() <= public_height_) return;
    const std::uint64_t lead = tip_->height() < public_height_ ? 0 : tip_->height() - public_height_;
    public_height_ = block->height();
    if (lead == 0) {
        tip_ = block;
        own_length_ = 0;
        secret_.clear();
    } else if (lead == 1) {
        show(env, secret_.size());
    } else if (lead == 2) {
        show(env, secret_.size());
        own_length_ = 0;
    } else {
        show(env, 1);
    }
}

void SelfishMiner::show(Env& env, std::size_t blocks) {
    for (; blocks > 0 && !secret_.empty(); --blocks) {
        spread(env, *secret_.front(), std::nullopt);
        public_height_ = std::max(public_height_, secret_.front()->block->height());
        secret_.pop_front();
    }
}

}  // namespace interlock::chain::consensus
