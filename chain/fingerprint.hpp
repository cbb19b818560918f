// The pieces of the state's 128-bit fingerprint: mix(address, field, key, value), to be combined by xor. (Zobrist, 1970.)
//
// Two multiplicative lanes absorb 64 bits at a time. Each step is a bijection of the lane and injective in what it
// absorbs. This is not a cryptographic hash: it tells states of a search apart, but gives no defence against chosen
// collisions.
#pragma once

#include <bit>

#include "chain/state.hpp"

namespace interlock::chain {

constexpr Fingerprint operator^(const Fingerprint& a, const Fingerprint& b) { return {a.high ^ b.high, a.low ^ b.low}; }
constexpr Fingerprint& operator^=(Fingerprint& a, const Fingerprint& b) { return a = a ^ b; }

// The field that a piece belongs to. It is absorbed, too, so that equal numbers in different fields give different pieces.
enum class Field : std::uint8_t { Address = 1, Balance, Nonce, Code, Storage, Transient, Created, Destroyed };

class FingerprintMixer {
  public:
    explicit constexpr FingerprintMixer(const Fingerprint& seed) : high_(seed.high), low_(seed.low) {}

    constexpr FingerprintMixer& absorb(std::uint64_t bits) {
        high_ = (high_ ^ bits) * 0x9fb21c651e98df25ULL;
        high_ ^= high_ >> 32;
        low_ = (low_ ^ std::rotl(bits, 32)) * 0xd6e8feb86659fd93ULL;
        low_ ^= low_ >> 29;
        return *this;
    }
    constexpr FingerprintMixer& absorb(Field field) { return absorb(static_cast<std::uint64_t>(field)); }
    constexpr FingerprintMixer& absorb(const Word& word) {
        for (const std::uint64_t limb : word.limbs) absorb(limb);
        return *this;
    }

    [[nodiscard]] constexpr Fingerprint finish() const {
        const std::uint64_t high = avalanche(high_ + std::rotl(low_, 32));
        return {high, avalanche(low_ ^ std::rotl(high, 17))};
    }

  private:
    // The finaliser of SplitMix64 (Steele et al., 2014).
    static constexpr std::uint64_t avalanche(std::uint64_t x) {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
        return x ^ (x >> 31);
    }

    std::uint64_t high_, low_;
};

// Returns the seed from which all pieces of an account, or of one of its slots, are computed.
[[nodiscard]] inline Fingerprint account_seed(const Address& address) {
    return FingerprintMixer({0x243f6a8885a308d3ULL, 0x13198a2e03707344ULL})
        .absorb(Field::Address)
        .absorb(vm::to_word(address))
        .finish();
}
[[nodiscard]] constexpr Fingerprint slot_seed(const Fingerprint& account, Field field, const Word& slot) {
    return FingerprintMixer(account).absorb(field).absorb(slot).finish();
}

// A default value contributes nothing, so that an absent entry and a zero one agree.
[[nodiscard]] constexpr Fingerprint piece(const Fingerprint& seed, Field field, const Word& value) {
    if (value.is_zero()) return {};
    return FingerprintMixer(seed).absorb(field).absorb(value).finish();
}

}  // namespace interlock::chain
