// Precompile 1: recovers who signed a hash. Input: hash, v, r, s, one word each; missing bytes are zero. Output: the
// signer's address in a word, or nothing if the signature is invalid. (Yellow Paper, appendix E; SEC 1, section 4.1.6)
#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <algorithm>
#include <array>

#include "vm/keccak.hpp"
#include "vm/precompiles/functions.hpp"

namespace interlock::vm::precompile {
namespace {

// The uncompressed public key without its leading 0x04.
using PublicKey = std::array<std::uint8_t, 64>;

std::optional<PublicKey> recover(const std::uint8_t* hash, const std::uint8_t* r_and_s, int parity) {
    const secp256k1_context* context = secp256k1_context_static;
    secp256k1_ecdsa_recoverable_signature signature;
    if (!secp256k1_ecdsa_recoverable_signature_parse_compact(context, &signature, r_and_s, parity)) return std::nullopt;
    secp256k1_pubkey key;
    if (!secp256k1_ecdsa_recover(context, &key, &signature, hash)) return std::nullopt;
    std::array<std::uint8_t, 65> encoded;
    std::size_t length = encoded.size();
    secp256k1_ec_pubkey_serialize(context, encoded.data(), &length, &key, SECP256K1_EC_UNCOMPRESSED);
    PublicKey point;
    std::copy(encoded.begin() + 1, encoded.end(), point.begin());
    return point;
}

}  // namespace

Gas ecrecover_gas(ByteView, const PrecompileRules&) { return Gas{3000}; }

Output ecrecover(ByteView input, const PrecompileRules&) {
    std::array<std::uint8_t, 128> padded{};
    std::copy_n(input.begin(), std::min(input.size(), padded.size()), padded.begin());
    const std::uint8_t v = padded[63];
    const bool v_is_small = std::all_of(padded.begin() + 32, padded.begin() + 63, [](std::uint8_t b) { return b == 0; });
    if (!v_is_small || (v != 27 && v != 28)) return Bytes{};
    const std::optional<PublicKey> key = recover(padded.data(), padded.data() + 64, v - 27);
    if (!key) return Bytes{};
    const Hash hash = keccak256(*key);
    Bytes word(32);
    std::copy(hash.bytes.begin() + 12, hash.bytes.end(), word.begin() + 12);
    return word;
}

}  // namespace interlock::vm::precompile
