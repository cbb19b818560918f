// All of MultiPaxos' state that may change what it does, for the explorer. Numbers of timers and of writes are names alone.

#include "chain/consensus/multipaxos/multipaxos.hpp"

namespace interlock::chain::consensus {

std::optional<std::uint64_t> MultiPaxos::fingerprint() const {
    FingerprintMixer mixer = chain_fingerprint();
    const auto absorb_block = [&mixer](const BlockRef& block) { mixer.absorb(vm::to_word(block ? block->hash : Hash{})); };
    mixer.absorb(ballot_).absorb(is_leading_ ? 2 : is_candidate_ ? 1 : 0).absorb(proposed_at_last_beat_);
    for (const auto& [height, entry] : accepted_) {
        mixer.absorb(entry.ballot);
        absorb_block(entry.block);
    }
    for (const auto& [height, message] : early_) mixer.absorb(message.encoded()->digest());
    if (deciding_)
        for (const BlockRef& block : *deciding_) absorb_block(block);
    mixer.absorb(UINT64_MAX);
    if (is_candidate_)  // otherwise nobody asks for them
        for (const auto& [node, promise] : promises_) mixer.absorb(node).absorb(promise.encoded()->digest());
    absorb_block(tip_);
    for (const auto& [height, nodes] : supporters_) {
        mixer.absorb(height);
        for (const NodeId node : nodes) mixer.absorb(node);
        mixer.absorb(UINT64_MAX);
    }
    for (const auto& [number, letter] : outbox_) mixer.absorb(letter.first).absorb(letter.second.encoded()->digest());
    return mixer.absorb(election_.has_value()).absorb(beat_.has_value()).finish().low;
}

}  // namespace interlock::chain::consensus
