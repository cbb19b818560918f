// ECDSA over secp256k1 with recoverable signatures. (Yellow Paper, appendix F; libsecp256k1 does the arithmetic.)
#pragma once

#include "chain/transaction.hpp"

namespace interlock::chain {

// The order of the curve's group; a private key is in [1, order).
inline constexpr Word secp256k1_order{0xffffffffffffffffULL, 0xfffffffffffffffeULL, 0xbaaedce6af48a03bULL,
                                      0xbfd25e8cd0364141ULL};

// Signs with the nonce of RFC 6979, so the same hash and key always give the same signature. `s` is in the lower half.
[[nodiscard]] Signature sign_hash(const Hash&, const PrivateKey&);

// Returns the address whose key made the signature, or std::nullopt if the signature is invalid.
[[nodiscard]] std::optional<Address> recover_address(const Hash&, const Signature&);

struct PublicKey {  // a point of the curve
    Word x, y;
};
[[nodiscard]] PublicKey public_key_of(const PrivateKey&);  // the key must be valid

[[nodiscard]] bool is_valid(const PrivateKey&);

}  // namespace interlock::chain
