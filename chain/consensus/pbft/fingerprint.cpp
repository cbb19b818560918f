// All of PBFT's state that may change what it does, for the explorer. Numbers of timers and of writes are names alone.

#include "chain/consensus/pbft/pbft.hpp"

namespace interlock::chain::consensus {

namespace {

// Whose votes they are does not matter: all that are kept are a quorum's.
void absorb(FingerprintMixer& mixer, const pbft::Certificate& certificate) {
    mixer.absorb(certificate.view).absorb(certificate.height).absorb(vm::to_word(certificate.block));
}

void absorb(FingerprintMixer& mixer, const pbft::Message& message) { mixer.absorb(message.encoded()->digest()); }

}  // namespace

std::optional<std::uint64_t> Pbft::fingerprint() const {
    FingerprintMixer mixer({view_, head()->height()});
    mixer.absorb(vm::to_word(head()->hash)).absorb(pool_.fingerprint()).absorb(suspicions_);
    for (const auto& [height, certificate] : checkpoints_) absorb(mixer, certificate);
    mixer.absorb(is_changing_).absorb(bound_height_).absorb(vm::to_word(bound_.value_or(Hash{})));
    mixer.absorb(vm::to_word(accepted_ ? accepted_->hash : Hash{}));
    if (prepared_) absorb(mixer, *prepared_);
    mixer.absorb(last_vote_.first).absorb(last_vote_.second).absorb(vm::to_word(last_vote_block_));
    for (const auto& [key, signers] : votes_) {
        const auto& [phase, view, height, block] = key;
        mixer.absorb(static_cast<std::uint64_t>(phase)).absorb(view).absorb(height).absorb(vm::to_word(block));
        for (const auto& [signer, signature] : signers) mixer.absorb(signer).absorb(signature.r);
        mixer.absorb(UINT64_MAX);
    }
    for (const auto& [view, signers] : changes_)
        for (const auto& [signer, change] : signers) absorb(mixer, change);
    mixer.absorb(new_view_ ? new_view_->digest() : 0);
    for (const auto& [from, message] : kept_) absorb(mixer.absorb(from), message);
    for (const auto& [number, message] : outbox_) absorb(mixer, message);
    if (deciding_) absorb(mixer, deciding_->second);
    mixer.absorb(timer_.has_value()).absorb(static_cast<std::uint64_t>(fetched_.value_or(-1)));
    return mixer.finish().low;
}

}  // namespace interlock::chain::consensus
