// Precompile 0x100: verifies a signature on the curve P-256, with OpenSSL. Input, 160 bytes: the hash, r, s, and the
// key's coordinates, one word each. Output: a word that is one if the signature is valid; nothing if it is not or if
// the input is malformed. The call never fails. (EIP-7951; FIPS 186-5, section 6.4.2)
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "vm/precompiles/functions.hpp"

namespace interlock::vm::precompile {
namespace {

constexpr std::size_t word_bytes = 32, signed_bytes = 5 * word_bytes;

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using Number = std::unique_ptr<BIGNUM, Release<BN_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;

// Returns null if a coordinate is not below the prime or the point is not on the curve. (The point (0, 0) is not on it.)
Key key_of(ByteView coordinates) {
    std::array<std::uint8_t, 1 + 2 * word_bytes> point{0x04};  // uncompressed
    std::copy(coordinates.begin(), coordinates.end(), point.begin() + 1);
    std::string group = "P-256";
    const std::array parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), group.size()),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end(),
    };
    const Context context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, const_cast<OSSL_PARAM*>(parameters.data())) <= 0)
        return nullptr;
    return Key(key);
}

// Encodes r and s in the DER form that OpenSSL verifies. Returns an empty result if memory is short.
Bytes encode_signature(ByteView r_bytes, ByteView s_bytes) {
    const Signature signature(ECDSA_SIG_new());
    Number r(BN_bin2bn(r_bytes.data(), static_cast<int>(word_bytes), nullptr));
    Number s(BN_bin2bn(s_bytes.data(), static_cast<int>(word_bytes), nullptr));
    if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
    (void)r.release();  // the signature owns it now
    (void)s.release();
    unsigned char* encoded = nullptr;
    const int length = i2d_ECDSA_SIG(signature.get(), &encoded);
    if (length <= 0) return {};
    const Bytes bytes(encoded, encoded + length);
    OPENSSL_free(encoded);
    return bytes;
}

// OpenSSL refuses an r or s that is zero or not below the order.
bool verify(const Key& key, ByteView hash, const Bytes& signature) {
    const Context context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
    return context && EVP_PKEY_verify_init(context.get()) == 1 &&
           EVP_PKEY_verify(context.get(), signature.data(), signature.size(), hash.data(), hash.size()) == 1;
}

}  // namespace

Gas p256_verify_gas(ByteView, const PrecompileRules&) { return Gas{6900}; }

Output p256_verify(ByteView input, const PrecompileRules&) {
    if (input.size() != signed_bytes) return Bytes{};
    const auto words = [&](std::size_t first, std::size_t count) {
        return input.subspan(first * word_bytes, count * word_bytes);
    };
    ERR_set_mark();  // an invalid signature must not leave an error in the thread's queue
    const Key key = key_of(words(3, 2));
    const bool valid = key && verify(key, words(0, 1), encode_signature(words(1, 1), words(2, 1)));
    ERR_pop_to_mark();
    if (!valid) return Bytes{};
    Bytes one(word_bytes);
    one.back() = 1;
    return one;
}

}  // namespace interlock::vm::precompile
