// Keccak-256's sponge absorbs blocks of 136 bytes into the state, with a permutation after each; the last block holds
// the padding. (The Keccak reference, version 3.0, section 1.1.)
#include "vm/keccak.hpp"

#include <bit>

#include "vm/keccak_permutation.hpp"

namespace interlock::vm {
namespace {

using keccak::State;

constexpr std::size_t rate = 136;  // bytes absorbed by one permutation: 1600 / 8 - 2 * 32

void permute(State& state) {
#if defined(__x86_64__)
    // Asked here and not before main, because other files' initialisers may hash.
    static const bool has_bmi = keccak::has_bmi();
    if (has_bmi) return keccak::permute_with_bmi(state);
#endif
    keccak::permute_portably(state);
}

std::uint64_t swap_if_big_endian(std::uint64_t lane) {
    return std::endian::native == std::endian::little ? lane : __builtin_bswap64(lane);
}

std::uint64_t load_lane(const std::uint8_t* bytes, std::size_t count = 8) {
    std::uint64_t lane = 0;
    std::memcpy(&lane, bytes, count);
    return swap_if_big_endian(lane);
}

// Absorbs the input's whole lanes, from the first on.
void absorb(State& state, ByteView data) {
    for (std::size_t i = 0; i < data.size() / 8; ++i) state[i] ^= load_lane(data.data() + 8 * i);
}

// Absorbs the rest after the whole blocks, with the original padding; SHA-3's would begin with 0x06.
void absorb_last(State& state, ByteView data) {
    absorb(state, data);
    const std::size_t whole = data.size() / 8, rest = data.size() % 8;
    if (rest != 0) state[whole] ^= load_lane(data.data() + 8 * whole, rest);
    state[whole] ^= std::uint64_t{0x01} << (8 * rest);
    state[rate / 8 - 1] ^= std::uint64_t{0x80} << 56;
}

}  // namespace

Hash keccak256(ByteView data) {
    State state{};
    for (; data.size() >= rate; data = data.subspan(rate)) {
        absorb(state, data.first(rate));
        permute(state);
    }
    absorb_last(state, data);
    permute(state);
    Hash digest;
    for (std::size_t i = 0; i < 4; ++i) {
        const std::uint64_t lane = swap_if_big_endian(state[i]);
        std::memcpy(digest.bytes.data() + 8 * i, &lane, 8);
    }
    return digest;
}

}  // namespace interlock::vm
