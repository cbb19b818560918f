// All of ByzCoin's state that may change what it does, for the explorer. The head says what the councils are and were.

#include "chain/consensus/byzcoin/byzcoin.hpp"

namespace interlock::chain::consensus {

namespace {

void absorb(FingerprintMixer& mixer, const std::optional<byzcoin::Election>& election) {
    mixer.absorb(vm::to_word(election ? election->hash() : Hash{}));
}

}  // namespace

std::optional<std::uint64_t> ByzCoin::fingerprint() const {
    FingerprintMixer mixer = voting_fingerprint();
    for (const auto& [height, certificate] : certificates_) certificate.absorb_into(mixer);
    absorb(mixer, election_);
    mixer.absorb(static_cast<std::uint64_t>(election_known_));
    for (const auto& [key, election] : early_elections_) absorb(mixer, election);
    if (last_vote_) mixer.absorb(last_vote_->first).absorb(vm::to_word(last_vote_->second));
    mixer.absorb(UINT64_MAX);
    for (const Content& change : justification_) mixer.absorb(change.encoded()->digest());
    mixer.absorb(proposal_ ? proposal_->digest() : 0);
    for (const auto& [key, signers] : votes_) {
        const auto& [phase, view, block] = key;
        mixer.absorb(static_cast<std::uint64_t>(phase)).absorb(view).absorb(vm::to_word(block));
        for (const auto& [signer, signature] : signers) mixer.absorb(signer).absorb(signature.r);
        mixer.absorb(certified_.contains(key) ? UINT64_MAX : UINT64_MAX - 1);
    }
    return mixer.absorb(supplier_.value_or(UINT32_MAX)).finish().low;
}

}  // namespace interlock::chain::consensus
