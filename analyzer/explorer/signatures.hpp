// Signatures: where code asks who signed something (ecrecover; Yellow Paper, appendix E), somebody of the world does sign it,
// and the call is made with that. What owners and honest users sign is what the call says, once: whether it is worth more
// in a re-entry is for the comparison with serial orders to say.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

// What code asked the precompile: whose signature of the digest this is.
struct AskedSignature {
    vm::Word digest, v, r, s;
};

// Returns the question that is asked with the precompile's input.
[[nodiscard]] AskedSignature asked_with(vm::ByteView input);

struct SignedCall {
    Call call;
    vm::Word r;                 // of the signature
    bool is_by_others = false;  // an honest account made it
};

// Returns the call with signatures of the digest instead of the one that it carries, one by each account: the first by one
// that is `expected`, if there is such an account, else hers, the owner's and the users'. None if the call carries no such
// signature: as words v, r, s among its arguments, or in a structure among them, or as 65 bytes. Where it stands twice, the
// last place comes first: behind what is signed.
[[nodiscard]] std::vector<SignedCall> signed_instead(const World& world, const Call& call, const AskedSignature& asked,
                                                     const std::vector<vm::Word>& expected);

// Returns the call with an account that signs instead of her contract, which does not, where the call names her contract and
// code compared it with who signed.
[[nodiscard]] std::vector<Call> naming_signers(const World& world, const Call& call, const std::vector<vm::Word>& compared);

// Returns whether one of the calls carries a signature with such an r.
[[nodiscard]] bool carries_one_of(const Plan& plan, const std::set<vm::Word>& rs);

}  // namespace interlock::analyzer
