#include "vm/created_address.hpp"

#include <algorithm>

#include "vm/keccak.hpp"

namespace interlock::vm {
namespace {

Address low_20_bytes(const Hash& hash) {
    Address address;
    std::copy(hash.bytes.begin() + 12, hash.bytes.end(), address.bytes.begin());
    return address;
}

void append(Bytes& bytes, ByteView more) { bytes.insert(bytes.end(), more.begin(), more.end()); }

}  // namespace

Address created_address(const Address& creator, std::uint64_t nonce) {
    // RLP: a number below 128 is encoded as itself, zero as the empty string 0x80, a longer number as 0x80 + length and
    // its bytes.
    Bytes encoded_nonce;
    if (nonce < 0x80) {
        encoded_nonce.push_back(nonce == 0 ? 0x80 : static_cast<std::uint8_t>(nonce));
    } else {
        const unsigned length = byte_length(Word{nonce});
        encoded_nonce.push_back(static_cast<std::uint8_t>(0x80 + length));
        for (unsigned i = length; i-- > 0;) encoded_nonce.push_back(static_cast<std::uint8_t>(nonce >> (8 * i)));
    }
    Bytes list{static_cast<std::uint8_t>(0xc0 + 1 + Address::size + encoded_nonce.size()), 0x80 + Address::size};
    append(list, creator);
    append(list, encoded_nonce);
    return low_20_bytes(keccak256(list));
}

Address created_address(const Address& creator, const Word& salt, ByteView init_code) {
    Bytes preimage{0xff};
    append(preimage, creator);
    append(preimage, to_hash(salt));
    append(preimage, keccak256(init_code));
    return low_20_bytes(keccak256(preimage));
}

}  // namespace interlock::vm
