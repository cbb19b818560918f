// Keccak-f[1600] at the rate of Keccak-256, unrolled by the compiler into 25 scalar lanes.
// (The Keccak reference, version 3.0, section 1.2.)
#include "vm/keccak.hpp"

#include <bit>

namespace interlock::vm {
namespace {

constexpr std::size_t rate = 136;  // bytes absorbed by one permutation: 1600 / 8 - 2 * 32
constexpr std::array<std::uint64_t, 24> round_constants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

// Five source lanes of one output row: where the step pi takes each from, and by how much the step rho rotates it.
struct Lane {
    std::size_t index;  // x + 5 y
    int rotation;
};
using Row = std::array<Lane, 5>;
constexpr Row row_0 = {{{0, 0}, {6, 44}, {12, 43}, {18, 21}, {24, 14}}};
constexpr Row row_1 = {{{3, 28}, {9, 20}, {10, 3}, {16, 45}, {22, 61}}};
constexpr Row row_2 = {{{1, 1}, {7, 6}, {13, 25}, {19, 8}, {20, 18}}};
constexpr Row row_3 = {{{4, 27}, {5, 36}, {11, 10}, {17, 15}, {23, 56}}};
constexpr Row row_4 = {{{2, 62}, {8, 55}, {14, 39}, {15, 41}, {21, 2}}};

// Theta's last half, rho, pi and chi for one row. Inlining makes every index a constant: lanes stay in registers.
[[gnu::always_inline]] inline void make_row(std::uint64_t* to, const std::uint64_t* from, const std::uint64_t* parity,
                                            const Row& row) {
    const auto lane = [&](std::size_t i) {
        return std::rotl(from[row[i].index] ^ parity[row[i].index % 5], row[i].rotation);
    };
    const std::uint64_t b0 = lane(0), b1 = lane(1), b2 = lane(2), b3 = lane(3), b4 = lane(4);
    to[0] = b0 ^ (~b1 & b2);
    to[1] = b1 ^ (~b2 & b3);
    to[2] = b2 ^ (~b3 & b4);
    to[3] = b3 ^ (~b4 & b0);
    to[4] = b4 ^ (~b0 & b1);
}

[[gnu::always_inline]] inline void round(std::uint64_t* to, const std::uint64_t* from, std::uint64_t constant) {
    const auto column = [&](std::size_t x) {
        return from[x] ^ from[x + 5] ^ from[x + 10] ^ from[x + 15] ^ from[x + 20];
    };
    const std::uint64_t c0 = column(0), c1 = column(1), c2 = column(2), c3 = column(3), c4 = column(4);
    const std::uint64_t parity[5] = {c4 ^ std::rotl(c1, 1), c0 ^ std::rotl(c2, 1), c1 ^ std::rotl(c3, 1),
                                     c2 ^ std::rotl(c4, 1), c3 ^ std::rotl(c0, 1)};
    make_row(to, from, parity, row_0);
    to[0] ^= constant;
    make_row(to + 5, from, parity, row_1);
    make_row(to + 10, from, parity, row_2);
    make_row(to + 15, from, parity, row_3);
    make_row(to + 20, from, parity, row_4);
}

using State = std::array<std::uint64_t, 25>;

[[gnu::always_inline]] inline void run_rounds(State& state) {
    std::uint64_t even[25], odd[25];
    std::memcpy(even, state.data(), sizeof even);
    for (std::size_t i = 0; i < round_constants.size(); i += 2) {
        round(odd, even, round_constants[i]);
        round(even, odd, round_constants[i + 1]);
    }
    std::memcpy(state.data(), even, sizeof even);
}

void permute_plainly(State& state) { run_rounds(state); }

#if defined(__x86_64__)
// Chi is ~b & c for each lane: one instruction instead of two and a copy where the CPU has ANDN, a quarter faster in
// all.
[[gnu::target("bmi")]] void permute_with_andn(State& state) { run_rounds(state); }
#endif

void permute(State& state) {
#if defined(__x86_64__)
    // Asked here and not before main: other files' initialisers may hash.
    static const bool has_andn = __builtin_cpu_supports("bmi");
    if (has_andn) return permute_with_andn(state);
#endif
    permute_plainly(state);
}

std::uint64_t swap_if_big_endian(std::uint64_t lane) {
    return std::endian::native == std::endian::little ? lane : __builtin_bswap64(lane);
}

std::uint64_t load_lane(const std::uint8_t* bytes, std::size_t count = 8) {
    std::uint64_t lane = 0;
    std::memcpy(&lane, bytes, count);
    return swap_if_big_endian(lane);
}

// The input's whole lanes, from the first on.
void absorb(State& state, ByteView data) {
    for (std::size_t i = 0; i < data.size() / 8; ++i) state[i] ^= load_lane(data.data() + 8 * i);
}

// What is left when only whole blocks are gone, and the padding: the original one, SHA-3 begins it with 0x06.
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
