// All of ByzCoin's state that may change what it does, for the explorer. The head says what the councils are and were; numbers
// of timers and of writes are names alone.

#include "chain/consensus/byzcoin/byzcoin.hpp"

namespace interlock::chain::consensus {

namespace {

// Whose votes they are does not matter: all that are kept are a quorum's.
void absorb(FingerprintMixer& mixer, const pbft::Certificate& certificate) {
    mixer.absorb(certificate.view).absorb(certificate.height).absorb(vm::to_word(certificate.block));
}

void absorb(FingerprintMixer& mixer, const byzcoin::Message& message) { mixer.absorb(message.encoded()->digest()); }

void absorb(FingerprintMixer& mixer, const std::optional<byzcoin::Election>& election) {
    mixer.absorb(vm::to_word(election ? election->hash() : Hash{}));
}

}  // namespace

std::optional<std::uint64_t> ByzCoin::fingerprint() const {
    FingerprintMixer mixer({view_, head()->height()});
    mixer.absorb(vm::to_word(head()->hash)).absorb(pool_.fingerprint()).absorb(suspicions_);
    for (const auto& [height, certificate] : certificates_) absorb(mixer, certificate);
    absorb(mixer, election_);
    mixer.absorb(static_cast<std::uint64_t>(election_known_));
    for (const auto& [key, election] : early_elections_) absorb(mixer, election);
    mixer.absorb(is_changing_).absorb(vm::to_word(accepted_ ? accepted_->hash : Hash{}));
    if (prepared_) absorb(mixer, *prepared_);
    if (last_vote_) mixer.absorb(last_vote_->first).absorb(vm::to_word(last_vote_->second));
    mixer.absorb(UINT64_MAX);
    for (const Content& change : justification_) absorb(mixer, change);
    mixer.absorb(proposal_ ? proposal_->digest() : 0);
    for (const auto& [key, signers] : votes_) {
        const auto& [phase, view, block] = key;
        mixer.absorb(static_cast<std::uint64_t>(phase)).absorb(view).absorb(vm::to_word(block));
        for (const auto& [signer, signature] : signers) mixer.absorb(signer).absorb(signature.r);
        mixer.absorb(certified_.contains(key) ? UINT64_MAX : UINT64_MAX - 1);
    }
    for (const auto& [view, signers] : changes_)
        for (const auto& [signer, change] : signers) absorb(mixer, change);
    for (const auto& [from, message] : kept_) absorb(mixer.absorb(from), message);
    for (const auto& [number, letter] : outbox_) absorb(mixer, letter.second);
    if (deciding_) absorb(mixer, deciding_->second);
    mixer.absorb(supplier_.value_or(UINT32_MAX)).absorb(timer_.has_value());
    mixer.absorb(static_cast<std::uint64_t>(fetched_.value_or(-1)));
    return mixer.finish().low;
}

}  // namespace interlock::chain::consensus
