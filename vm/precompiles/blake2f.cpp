// Precompile 9: the compression function F of BLAKE2b, with the number of rounds given. (EIP-152; RFC 7693,
// section 3.2.) Input, 213 bytes: rounds (4, big-endian), h (64), m (128), t (16), f (1); all words little-endian.
// Output: the new h.
#include <array>
#include <bit>
#include <cstring>

#include "vm/precompiles/functions.hpp"

namespace interlock::vm::precompile {
namespace {

constexpr std::size_t input_bytes = 213;

constexpr std::array<std::uint64_t, 8> initial_values = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};

constexpr std::array<std::array<std::uint8_t, 16>, 10> permutations = {{
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
}};

// One instruction each: g++ does not see that in loops over bytes.
static_assert(std::endian::native == std::endian::little);
std::uint64_t load(const std::uint8_t* bytes) {
    std::uint64_t word;
    std::memcpy(&word, bytes, sizeof word);
    return word;
}
void store(std::uint8_t* bytes, std::uint64_t word) { std::memcpy(bytes, &word, sizeof word); }

std::uint32_t rounds_of(ByteView input) {
    return std::uint32_t{input[0]} << 24 | std::uint32_t{input[1]} << 16 | std::uint32_t{input[2]} << 8 | input[3];
}

using Block = std::array<std::uint64_t, 16>;

[[gnu::always_inline]] inline void mix(Block& v, std::size_t a, std::size_t b, std::size_t c, std::size_t d, std::uint64_t x,
                                       std::uint64_t y) {
    v[a] += v[b] + x;
    v[d] = std::rotr(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = std::rotr(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = std::rotr(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = std::rotr(v[b] ^ v[c], 63);
}

[[gnu::always_inline]] inline void run_round(Block& v, const Block& m, const std::array<std::uint8_t, 16>& order) {
    mix(v, 0, 4, 8, 12, m[order[0]], m[order[1]]);
    mix(v, 1, 5, 9, 13, m[order[2]], m[order[3]]);
    mix(v, 2, 6, 10, 14, m[order[4]], m[order[5]]);
    mix(v, 3, 7, 11, 15, m[order[6]], m[order[7]]);
    mix(v, 0, 5, 10, 15, m[order[8]], m[order[9]]);
    mix(v, 1, 6, 11, 12, m[order[10]], m[order[11]]);
    mix(v, 2, 7, 8, 13, m[order[12]], m[order[13]]);
    mix(v, 3, 4, 9, 14, m[order[14]], m[order[15]]);
}

// The rounds are unrolled, so that every index is a constant. A round takes 11 ns, in a loop 20 ns; a block can pay for
// billions of rounds.
void run_rounds(Block& state, const Block& m, std::uint32_t rounds) {
    Block v = state;  // the copy keeps the words in registers
    constexpr std::uint32_t cycle = permutations.size();
    for (; rounds >= cycle; rounds -= cycle) {
#pragma GCC unroll 10
        for (std::uint32_t i = 0; i < cycle; ++i) run_round(v, m, permutations[i]);
    }
#pragma GCC unroll 10
    for (std::uint32_t i = 0; i < cycle - 1; ++i) {
        if (i == rounds) break;
        run_round(v, m, permutations[i]);
    }
    state = v;
}

}  // namespace

// The price is one unit per round. A malformed input fails at any price.
Gas blake2f_gas(ByteView input, const PrecompileRules&) {
    return input.size() == input_bytes ? Gas{rounds_of(input)} : Gas{0};
}

Output blake2f(ByteView input, const PrecompileRules&) {
    if (input.size() != input_bytes || input[212] > 1) return std::nullopt;
    const std::uint8_t* state = input.data() + 4;
    Block m, v;
    for (std::size_t i = 0; i < 16; ++i) m[i] = load(input.data() + 68 + 8 * i);
    for (std::size_t i = 0; i < 8; ++i) {
        v[i] = load(state + 8 * i);
        v[i + 8] = initial_values[i];
    }
    v[12] ^= load(input.data() + 196);
    v[13] ^= load(input.data() + 204);
    if (input[212] == 1) v[14] = ~v[14];
    run_rounds(v, m, rounds_of(input));
    Bytes output(64);
    for (std::size_t i = 0; i < 8; ++i) store(output.data() + 8 * i, load(state + 8 * i) ^ v[i] ^ v[i + 8]);
    return output;
}

}  // namespace interlock::vm::precompile
