// Inverses modulo a prime by a binary GCD whose steps are first taken on approximations in one limb, 31 at a time.
// (Pornin: Optimized binary GCD for modular inversion, 2020, algorithm 2 with k = 32. Here the factors are divided by 2^31
// on the way, so that no power of two remains at the end.)
#pragma once

#include <bit>
#include <cstdint>

#include "vm/curves/chains.hpp"
#include "vm/limbs.hpp"

namespace interlock::vm::curves::montgomery {

inline constexpr int steps_at_once = 31;

__extension__ typedef __int128 S128;

// What some steps do to a pair (a, b), times 2^31: a becomes f0·a + g0·b, b becomes f1·a + g1·b. In each row the absolute
// values sum up to at most 2^31.
struct Steps {
    std::int64_t f0, g0, f1, g1;
};

// Takes 31 steps: an odd a first becomes a - b, after an exchange if that is negative; then a is halved. Two factors
// travel in one limb, each in 32 bits.
constexpr Steps take_steps(std::uint64_t a, std::uint64_t b) {
    constexpr std::uint64_t bias = 0x7fffffff7fffffff;
    std::uint64_t first = 1, second = std::uint64_t{1} << 32;
    for (int i = 0; i < steps_at_once; ++i) {
        const std::uint64_t odd = -(a & 1), exchange = odd & -std::uint64_t{a < b};
        const std::uint64_t change = (a ^ b) & exchange, factor_change = (first ^ second) & exchange;
        a ^= change, b ^= change;
        first ^= factor_change, second ^= factor_change;
        a = (a - (b & odd)) >> 1;
        first -= second & odd;
        second <<= 1;
    }
    first += bias, second += bias;
    const auto low = [](std::uint64_t two) { return static_cast<std::int64_t>(two & 0xffffffff) - 0x7fffffff; };
    const auto high = [](std::uint64_t two) { return static_cast<std::int64_t>(two >> 32) - 0x7fffffff; };
    return {low(first), high(first), low(second), high(second)};
}

// A number of N limbs and a sign, in two's complement.
template <std::size_t N>
struct Signed {
    Limbs<N> limbs;
    std::uint64_t top;

    [[nodiscard]] constexpr bool is_negative() const { return (top >> 63) != 0; }
};

// Returns (f·a + g·b + h·c) / 2^31, rounded down.
template <std::size_t N>
constexpr Signed<N> combine(std::int64_t f, const Limbs<N>& a, std::int64_t g, const Limbs<N>& b, std::int64_t h,
                            const Limbs<N>& c) {
    const auto times = [](std::uint64_t limb, std::int64_t factor) { return static_cast<S128>(limb) * factor; };
    Limbs<N + 1> sum{};
    S128 rest = 0;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < N; ++i) {
        rest += times(a[i], f) + times(b[i], g) + times(c[i], h);
        sum[i] = static_cast<std::uint64_t>(rest);
        rest >>= 64;
    }
    sum[N] = static_cast<std::uint64_t>(rest);
    Signed<N> result{};
#pragma GCC unroll 8
    for (std::size_t i = 0; i < N; ++i) result.limbs[i] = (sum[i] >> steps_at_once) | (sum[i + 1] << (64 - steps_at_once));
    result.top = static_cast<std::uint64_t>(static_cast<std::int64_t>(sum[N]) >> steps_at_once);
    return result;
}

// Returns x^-1 · scale mod modulus, and zero for zero. x and scale must be below the modulus, which must be an odd prime;
// minus_inverse is -1/modulus mod 2^64.
template <std::size_t N>
constexpr Limbs<N> inverse(const Limbs<N>& x, const Limbs<N>& scale, const Limbs<N>& modulus, std::uint64_t minus_inverse) {
    // a = x·u/scale and b = x·v/scale modulo the modulus, and b is odd.
    Limbs<N> a = x, b = modulus, u = scale, v{};
    const auto next_factor = [&](std::int64_t f, std::int64_t g) {
        const std::uint64_t lowest = static_cast<std::uint64_t>(f) * u[0] + static_cast<std::uint64_t>(g) * v[0];
        const auto multiple = static_cast<std::int64_t>((lowest * minus_inverse) & 0x7fffffff);
        const Signed<N> next = combine(f, u, g, v, multiple, modulus);
        // This is between -modulus and twice the modulus.
        return next.is_negative() ? add(next.limbs, modulus) : reduce_once(next.limbs, modulus);
    };
    while (limbs::significant(a) != 0) {
        std::size_t top = N - 1;
        while (top > 0 && (a[top] | b[top]) == 0) --top;
        const int zeros = std::countl_zero(a[top] | b[top]);
        // The upper 33 bits of both numbers and their lowest 31.
        const auto approximate = [&](const Limbs<N>& number) {
            if (top == 0) return number[0];
            const std::uint64_t upper =
                zeros == 0 ? number[top] : (number[top] << zeros) | (number[top - 1] >> (64 - zeros));
            return (upper & ~std::uint64_t{0x7fffffff}) | (number[0] & 0x7fffffff);
        };
        Steps steps = take_steps(approximate(a), approximate(b));
        Signed<N> new_a = combine(steps.f0, a, steps.g0, b, 0, modulus);
        Signed<N> new_b = combine(steps.f1, a, steps.g1, b, 0, modulus);
        if (new_a.is_negative()) {
            new_a.limbs = subtract(Limbs<N>{}, new_a.limbs).value;
            steps.f0 = -steps.f0, steps.g0 = -steps.g0;
        }
        if (new_b.is_negative()) {
            new_b.limbs = subtract(Limbs<N>{}, new_b.limbs).value;
            steps.f1 = -steps.f1, steps.g1 = -steps.g1;
        }
        a = new_a.limbs, b = new_b.limbs;
        const Limbs<N> new_u = next_factor(steps.f0, steps.g0);
        v = next_factor(steps.f1, steps.g1);
        u = new_u;
    }
    return v;
}

}  // namespace interlock::vm::curves::montgomery
