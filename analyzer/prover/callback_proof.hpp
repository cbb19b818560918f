// The proof that one contract is callback-free, in a scope of contracts that are looked at together.
#pragma once

#include <map>

#include "analyzer/prover/callback_free.hpp"
#include "analyzer/prover/code_scope.hpp"

namespace interlock::analyzer::prover {

// What the proof of one contract says of others.
struct OfOthers {
    bool may_trust = false;  // it calls somebody who may be taken to call nobody
    std::vector<std::size_t> privileged;
    std::vector<std::size_t> tokens;  // of the sources that were taken for tokens of which there is no source
    std::vector<std::size_t> askers;  // that are outside of its scope, and may ask in the middle of a call
    std::map<const ir::Contract*, ViewsProof> views;  // of those in its scope, and its own
};

// Throws only std::bad_alloc.
[[nodiscard]] CallbackFreedom prove_in_scope(const std::vector<const ir::Contract*>& contracts, std::size_t subject,
                                             const lang::Sources& sources, const Deadline& deadline, OfOthers& others,
                                             const ScopeChoice& choice);

}  // namespace interlock::analyzer::prover
