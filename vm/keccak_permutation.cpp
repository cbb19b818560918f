// Keccak-f[1600] in C++, unrolled by the compiler into 25 scalar lanes. (The Keccak reference, version 3.0, section 1.2.)
#include "vm/keccak_permutation.hpp"

#include <bit>
#include <cstring>

namespace interlock::vm::keccak {
namespace {

// One source lane of an output row: its index before the step pi, and the rotation of the step rho.
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

// Computes the last half of theta, and rho, pi and chi, for one row. Inlining makes every index a constant, so lanes
// stay in registers.
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
    const auto column = [&](std::size_t x) { return from[x] ^ from[x + 5] ^ from[x + 10] ^ from[x + 15] ^ from[x + 20]; };
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

}  // namespace

void permute_portably(State& state) {
    std::uint64_t even[25], odd[25];
    std::memcpy(even, state.data(), sizeof even);
    for (std::size_t i = 0; i < round_constants.size(); i += 2) {
        round(odd, even, round_constants[i]);
        round(even, odd, round_constants[i + 1]);
    }
    std::memcpy(state.data(), even, sizeof even);
}

#if defined(__x86_64__)
extern "C" void interlock_keccak_permute(std::uint64_t* state, const std::uint64_t* constants);  // keccak_x86_64.S

bool has_bmi() { return __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"); }
void permute_with_bmi(State& state) { interlock_keccak_permute(state.data(), round_constants.data()); }
#endif

}  // namespace interlock::vm::keccak
