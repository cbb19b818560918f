#include "chain/secp256k1.hpp"

#include <secp256k1_recovery.h>

#include <algorithm>
#include <cassert>
#include <memory>

#include "vm/keccak.hpp"

namespace interlock::chain {

namespace {

struct DestroyContext {
    void operator()(secp256k1_context* context) const { secp256k1_context_destroy(context); }
};

// The context is made once and then only read, which libsecp256k1 allows from several threads.
const secp256k1_context* context() {
    static const std::unique_ptr<secp256k1_context, DestroyContext> made{
        secp256k1_context_create(SECP256K1_CONTEXT_SIGN | SECP256K1_CONTEXT_VERIFY)};
    return made.get();
}

// Returns the coordinates, preceded by the byte that marks an uncompressed point.
std::array<std::uint8_t, 65> coordinates_of(const secp256k1_pubkey& key) {
    std::array<std::uint8_t, 65> point;
    std::size_t size = point.size();
    secp256k1_ec_pubkey_serialize(context(), point.data(), &size, &key, SECP256K1_EC_UNCOMPRESSED);
    return point;
}

// Returns the low 20 bytes of the hash of the point's coordinates.
Address address_of(const secp256k1_pubkey& key) {
    const auto point = coordinates_of(key);
    const Hash hash = vm::keccak256(ByteView(point).subspan(1));
    Address address;
    std::copy_n(hash.bytes.begin() + 12, Address::size, address.bytes.begin());
    return address;
}

secp256k1_pubkey point_of(const PrivateKey& key) {
    secp256k1_pubkey point;
    [[maybe_unused]] const int made = secp256k1_ec_pubkey_create(context(), &point, key.bytes.data());
    assert(made == 1);
    return point;
}

}  // namespace

bool is_valid(const PrivateKey& key) { return secp256k1_ec_seckey_verify(context(), key.bytes.data()) == 1; }

Address address_of(const PrivateKey& key) { return address_of(point_of(key)); }

PublicKey public_key_of(const PrivateKey& key) {
    const auto point = coordinates_of(point_of(key));
    return {vm::word_from_big_endian(ByteView(point).subspan(1, 32)), vm::word_from_big_endian(ByteView(point).last(32))};
}

Signature sign_hash(const Hash& hash, const PrivateKey& key) {
    secp256k1_ecdsa_recoverable_signature raw;
    [[maybe_unused]] const int made =
        secp256k1_ecdsa_sign_recoverable(context(), &raw, hash.bytes.data(), key.bytes.data(), nullptr, nullptr);
    assert(made == 1);
    std::array<std::uint8_t, 64> compact;
    int recovery_id = 0;
    secp256k1_ecdsa_recoverable_signature_serialize_compact(context(), compact.data(), &recovery_id, &raw);
    return {vm::word_from_big_endian(ByteView(compact).first(32)), vm::word_from_big_endian(ByteView(compact).last(32)),
            recovery_id % 2 == 1};
}

std::optional<Address> recover_address(const Hash& hash, const Signature& signature) {
    std::array<std::uint8_t, 64> compact;
    std::ranges::copy(vm::to_big_endian(signature.r), compact.begin());
    std::ranges::copy(vm::to_big_endian(signature.s), compact.begin() + 32);
    secp256k1_ecdsa_recoverable_signature raw;
    secp256k1_pubkey key;
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(context(), &raw, compact.data(), signature.y_parity) != 1 ||
        secp256k1_ecdsa_recover(context(), &key, &raw, hash.bytes.data()) != 1)
        return std::nullopt;
    return address_of(key);
}

}  // namespace interlock::chain
