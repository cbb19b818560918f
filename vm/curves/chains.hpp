// Sums and differences of numbers of N limbs, modulo p and not: chains of carries.
//
// For four limbs they are those of words. For six, on x86-64, they are written out: g++ 12 makes comparisons and single-bit
// additions of halves of U128, which take four times as many instructions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "vm/limbs.hpp"

namespace interlock::vm::curves::montgomery {

using limbs::Limbs;

#if defined(__x86_64__)
template <std::size_t N>
inline constexpr bool has_chains = N == 6;
#else
template <std::size_t N>
inline constexpr bool has_chains = false;
#endif

// Drops the carry, which the callers' operands never produce.
template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> add(const Limbs<N>& a, const Limbs<N>& b) {
    if constexpr (N == 4) {
        return limbs::add(a, b).value;
    } else {
#if defined(__x86_64__)
        if constexpr (has_chains<N>) {
            if (!std::is_constant_evaluated()) {
                std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3], s4 = a[4], s5 = a[5];
                __asm__(
                    "addq %[b0], %[s0]\n\tadcq %[b1], %[s1]\n\tadcq %[b2], %[s2]\n\t"
                    "adcq %[b3], %[s3]\n\tadcq %[b4], %[s4]\n\tadcq %[b5], %[s5]"
                    : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [s4] "+&r"(s4), [s5] "+&r"(s5)
                    : [b0] "rm"(b[0]), [b1] "rm"(b[1]), [b2] "rm"(b[2]), [b3] "rm"(b[3]), [b4] "rm"(b[4]), [b5] "rm"(b[5])
                    : "cc");
                return {s0, s1, s2, s3, s4, s5};
            }
        }
#endif
        Limbs<N> sum{};
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < N; ++i) {
            const limbs::U128 limb = limbs::U128{a[i]} + b[i] + carry;
            sum[i] = limbs::low_of(limb);
            carry = limbs::high_of(limb);
        }
        return sum;
    }
}

// Chains that go on: `carry` (`borrow`) goes in with the lowest limb and comes out of the highest.

template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> add_carrying(const Limbs<N>& a, const Limbs<N>& b, bool& carry) {
#if defined(__x86_64__)
    if constexpr (has_chains<N>) {
        if (!std::is_constant_evaluated()) {
            std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3], s4 = a[4], s5 = a[5];
            std::uint8_t in = carry;
            __asm__(
                "addb $-1, %[in]\n\tadcq %[b0], %[s0]\n\tadcq %[b1], %[s1]\n\tadcq %[b2], %[s2]\n\t"
                "adcq %[b3], %[s3]\n\tadcq %[b4], %[s4]\n\tadcq %[b5], %[s5]"
                : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [s4] "+&r"(s4), [s5] "+&r"(s5),
                  [in] "+&q"(in), "=@ccc"(carry)
                : [b0] "rm"(b[0]), [b1] "rm"(b[1]), [b2] "rm"(b[2]), [b3] "rm"(b[3]), [b4] "rm"(b[4]), [b5] "rm"(b[5]));
            return {s0, s1, s2, s3, s4, s5};
        }
    }
#endif
    Limbs<N> sum{};
    for (std::size_t i = 0; i < N; ++i) {
        const limbs::U128 limb = limbs::U128{a[i]} + b[i] + carry;
        sum[i] = limbs::low_of(limb);
        carry = limbs::high_of(limb) != 0;
    }
    return sum;
}

template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> subtract_borrowing(const Limbs<N>& a, const Limbs<N>& b, bool& borrow) {
#if defined(__x86_64__)
    if constexpr (has_chains<N>) {
        if (!std::is_constant_evaluated()) {
            std::uint64_t d0 = a[0], d1 = a[1], d2 = a[2], d3 = a[3], d4 = a[4], d5 = a[5];
            std::uint8_t in = borrow;
            __asm__(
                "addb $-1, %[in]\n\tsbbq %[b0], %[d0]\n\tsbbq %[b1], %[d1]\n\tsbbq %[b2], %[d2]\n\t"
                "sbbq %[b3], %[d3]\n\tsbbq %[b4], %[d4]\n\tsbbq %[b5], %[d5]"
                : [d0] "+&r"(d0), [d1] "+&r"(d1), [d2] "+&r"(d2), [d3] "+&r"(d3), [d4] "+&r"(d4), [d5] "+&r"(d5),
                  [in] "+&q"(in), "=@ccc"(borrow)
                : [b0] "rm"(b[0]), [b1] "rm"(b[1]), [b2] "rm"(b[2]), [b3] "rm"(b[3]), [b4] "rm"(b[4]), [b5] "rm"(b[5]));
            return {d0, d1, d2, d3, d4, d5};
        }
    }
#endif
    Limbs<N> difference{};
    for (std::size_t i = 0; i < N; ++i) {
        const limbs::U128 limb = limbs::U128{a[i]} - b[i] - borrow;
        difference[i] = limbs::low_of(limb);
        borrow = limbs::high_of(limb) != 0;
    }
    return difference;
}

template <std::size_t N>
struct Difference {
    Limbs<N> value;
    bool borrow;
};

template <std::size_t N>
[[gnu::always_inline]] constexpr Difference<N> subtract(const Limbs<N>& a, const Limbs<N>& b) {
    if constexpr (N == 4) {
        const limbs::Sum256 difference = limbs::subtract(a, b);
        return {difference.value, difference.carry};
    } else {
        bool borrow = false;
        const Limbs<N> value = subtract_borrowing(a, b, borrow);
        return {value, borrow};
    }
}

template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> select(bool first, const Limbs<N>& a, const Limbs<N>& b) {
    if constexpr (N == 4) {
        return limbs::select(first, a, b);
    } else {
        const std::uint64_t mask = -std::uint64_t{first};
        Limbs<N> result{};
        for (std::size_t i = 0; i < N; ++i) result[i] = (a[i] & mask) | (b[i] & ~mask);
        return result;
    }
}

template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> times_bit(const Limbs<N>& a, bool bit) {
    const std::uint64_t mask = -std::uint64_t{bit};
    Limbs<N> result{};
#pragma GCC unroll 8
    for (std::size_t i = 0; i < N; ++i) result[i] = a[i] & mask;
    return result;
}

// Returns value mod modulus, for a value below twice the modulus.
template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> reduce_once(const Limbs<N>& value, const Limbs<N>& modulus) {
#if defined(__x86_64__)
    if constexpr (has_chains<N>) {
        if (!std::is_constant_evaluated()) {
            std::uint64_t d0 = value[0], d1 = value[1], d2 = value[2], d3 = value[3], d4 = value[4], d5 = value[5];
            __asm__(
                "subq %[m0], %[d0]\n\tsbbq %[m1], %[d1]\n\tsbbq %[m2], %[d2]\n\t"
                "sbbq %[m3], %[d3]\n\tsbbq %[m4], %[d4]\n\tsbbq %[m5], %[d5]\n\t"
                "cmovcq %[v0], %[d0]\n\tcmovcq %[v1], %[d1]\n\tcmovcq %[v2], %[d2]\n\t"
                "cmovcq %[v3], %[d3]\n\tcmovcq %[v4], %[d4]\n\tcmovcq %[v5], %[d5]"
                : [d0] "+&r"(d0), [d1] "+&r"(d1), [d2] "+&r"(d2), [d3] "+&r"(d3), [d4] "+&r"(d4), [d5] "+&r"(d5)
                : [v0] "rm"(value[0]), [v1] "rm"(value[1]), [v2] "rm"(value[2]), [v3] "rm"(value[3]), [v4] "rm"(value[4]),
                  [v5] "rm"(value[5]), [m0] "m"(modulus[0]), [m1] "m"(modulus[1]), [m2] "m"(modulus[2]),
                  [m3] "m"(modulus[3]), [m4] "m"(modulus[4]), [m5] "m"(modulus[5])
                : "cc");
            return {d0, d1, d2, d3, d4, d5};
        }
    }
#endif
    const Difference<N> reduced = subtract(value, modulus);
    return select(reduced.borrow, value, reduced.value);
}

template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> add_modulo(const Limbs<N>& a, const Limbs<N>& b, const Limbs<N>& modulus) {
    return reduce_once(add(a, b), modulus);
}

template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> subtract_modulo(const Limbs<N>& a, const Limbs<N>& b, const Limbs<N>& modulus) {
    const Difference<N> difference = subtract(a, b);
    if constexpr (has_chains<N>) return add(difference.value, times_bit(modulus, difference.borrow));
    else return select(difference.borrow, add(difference.value, modulus), difference.value);
}

}  // namespace interlock::vm::curves::montgomery
