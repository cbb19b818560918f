// Sums and differences of numbers of N limbs, modulo p and not: chains of carries.
//
// For four and six limbs they are written out on x86-64. g++ 12 makes comparisons and single-bit additions of halves of
// U128, which take four times as many instructions, and it passes arrays from one step to the next through memory in
// vectors, which must wait for limbs that were stored one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "vm/limbs.hpp"

// Without optimisation the compiler does not find registers for all operands.
#if defined(__x86_64__) && defined(__OPTIMIZE__)
#define INTERLOCK_CHAINS 1
#else
#define INTERLOCK_CHAINS 0
#endif

namespace interlock::vm::curves::montgomery {

using limbs::Limbs;

#if INTERLOCK_CHAINS

// Four limbs.

[[gnu::always_inline]] inline Limbs<4> add_in_chain(const Limbs<4>& a, const Limbs<4>& b) {
    std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3];
    __asm__(
        "addq %[b0], %[s0]\n\tadcq %[b1], %[s1]\n\tadcq %[b2], %[s2]\n\t"
        "adcq %[b3], %[s3]"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3)
        : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3])
        : "cc");
    return {s0, s1, s2, s3};
}

[[gnu::always_inline]] inline Limbs<4> add_in_chain(const Limbs<4>& a, const Limbs<4>& b, bool& carry) {
    std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3];
    std::uint8_t in = carry;
    __asm__(
        "addb $-1, %[in]\n\tadcq %[b0], %[s0]\n\tadcq %[b1], %[s1]\n\t"
        "adcq %[b2], %[s2]\n\tadcq %[b3], %[s3]"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [in] "+&q"(in), "=@ccc"(carry)
        : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3]));
    return {s0, s1, s2, s3};
}

[[gnu::always_inline]] inline Limbs<4> subtract_in_chain(const Limbs<4>& a, const Limbs<4>& b, bool& borrow) {
    std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3];
    std::uint8_t in = borrow;
    __asm__(
        "addb $-1, %[in]\n\tsbbq %[b0], %[s0]\n\tsbbq %[b1], %[s1]\n\t"
        "sbbq %[b2], %[s2]\n\tsbbq %[b3], %[s3]"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [in] "+&q"(in), "=@ccc"(borrow)
        : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3]));
    return {s0, s1, s2, s3};
}

[[gnu::always_inline]] inline Limbs<4> reduce_in_chain(const Limbs<4>& value, const Limbs<4>& modulus) {
    const std::uint64_t s0 = value[0], s1 = value[1], s2 = value[2], s3 = value[3];
    std::uint64_t d0 = s0, d1 = s1, d2 = s2, d3 = s3;
    __asm__(
        "subq %[m0], %[d0]\n\tsbbq %[m1], %[d1]\n\tsbbq %[m2], %[d2]\n\t"
        "sbbq %[m3], %[d3]\n\tcmovcq %[s0], %[d0]\n\tcmovcq %[s1], %[d1]\n\t"
        "cmovcq %[s2], %[d2]\n\tcmovcq %[s3], %[d3]"
        : [d0] "+&r"(d0), [d1] "+&r"(d1), [d2] "+&r"(d2), [d3] "+&r"(d3)
        : [s0] "rm"(s0), [s1] "rm"(s1), [s2] "rm"(s2), [s3] "rm"(s3), [m0] "m"(modulus[0]), [m1] "m"(modulus[1]),
          [m2] "m"(modulus[2]), [m3] "m"(modulus[3])
        : "cc");
    return {d0, d1, d2, d3};
}

[[gnu::always_inline]] inline Limbs<4> add_modulo_in_chain(const Limbs<4>& a, const Limbs<4>& b, const Limbs<4>& modulus,
                                                           bool carry) {
    std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3];
    std::uint8_t in = carry;
    __asm__(
        "addb $-1, %[in]\n\tadcq %[b0], %[s0]\n\tadcq %[b1], %[s1]\n\t"
        "adcq %[b2], %[s2]\n\tadcq %[b3], %[s3]"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [in] "+&q"(in), "=@ccc"(carry)
        : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3]));
    std::uint64_t d0 = s0, d1 = s1, d2 = s2, d3 = s3;
    __asm__(
        "subq %[m0], %[d0]\n\tsbbq %[m1], %[d1]\n\tsbbq %[m2], %[d2]\n\t"
        "sbbq %[m3], %[d3]\n\tcmovcq %[s0], %[d0]\n\tcmovcq %[s1], %[d1]\n\t"
        "cmovcq %[s2], %[d2]\n\tcmovcq %[s3], %[d3]"
        : [d0] "+&r"(d0), [d1] "+&r"(d1), [d2] "+&r"(d2), [d3] "+&r"(d3)
        : [s0] "rm"(s0), [s1] "rm"(s1), [s2] "rm"(s2), [s3] "rm"(s3), [m0] "m"(modulus[0]), [m1] "m"(modulus[1]),
          [m2] "m"(modulus[2]), [m3] "m"(modulus[3])
        : "cc");
    return {d0, d1, d2, d3};
}

[[gnu::always_inline]] inline Limbs<4> subtract_modulo_in_chain(const Limbs<4>& a, const Limbs<4>& b,
                                                                const Limbs<4>& modulus, bool borrow) {
    std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3];
    std::uint8_t in = borrow;
    __asm__(
        "addb $-1, %[in]\n\tsbbq %[b0], %[s0]\n\tsbbq %[b1], %[s1]\n\t"
        "sbbq %[b2], %[s2]\n\tsbbq %[b3], %[s3]"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [in] "+&q"(in), "=@ccc"(borrow)
        : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3]));
    const std::uint64_t mask = -std::uint64_t{borrow};
    const std::uint64_t m0 = modulus[0] & mask, m1 = modulus[1] & mask, m2 = modulus[2] & mask, m3 = modulus[3] & mask;
    __asm__(
        "addq %[m0], %[s0]\n\tadcq %[m1], %[s1]\n\tadcq %[m2], %[s2]\n\t"
        "adcq %[m3], %[s3]"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3)
        : [m0] "rm"(m0), [m1] "rm"(m1), [m2] "rm"(m2), [m3] "rm"(m3)
        : "cc");
    return {s0, s1, s2, s3};
}

// Six limbs.

[[gnu::always_inline]] inline Limbs<6> add_in_chain(const Limbs<6>& a, const Limbs<6>& b) {
    std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3], s4 = a[4], s5 = a[5];
    __asm__(
        "addq %[b0], %[s0]\n\tadcq %[b1], %[s1]\n\tadcq %[b2], %[s2]\n\t"
        "adcq %[b3], %[s3]\n\tadcq %[b4], %[s4]\n\tadcq %[b5], %[s5]"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [s4] "+&r"(s4), [s5] "+&r"(s5)
        : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3]), [b4] "m"(b[4]), [b5] "m"(b[5])
        : "cc");
    return {s0, s1, s2, s3, s4, s5};
}

[[gnu::always_inline]] inline Limbs<6> add_in_chain(const Limbs<6>& a, const Limbs<6>& b, bool& carry) {
    std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3], s4 = a[4], s5 = a[5];
    std::uint8_t in = carry;
    __asm__(
        "addb $-1, %[in]\n\tadcq %[b0], %[s0]\n\tadcq %[b1], %[s1]\n\t"
        "adcq %[b2], %[s2]\n\tadcq %[b3], %[s3]\n\tadcq %[b4], %[s4]\n\t"
        "adcq %[b5], %[s5]"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [s4] "+&r"(s4), [s5] "+&r"(s5), [in] "+&q"(in),
          "=@ccc"(carry)
        : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3]), [b4] "m"(b[4]), [b5] "m"(b[5]));
    return {s0, s1, s2, s3, s4, s5};
}

[[gnu::always_inline]] inline Limbs<6> subtract_in_chain(const Limbs<6>& a, const Limbs<6>& b, bool& borrow) {
    std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3], s4 = a[4], s5 = a[5];
    std::uint8_t in = borrow;
    __asm__(
        "addb $-1, %[in]\n\tsbbq %[b0], %[s0]\n\tsbbq %[b1], %[s1]\n\t"
        "sbbq %[b2], %[s2]\n\tsbbq %[b3], %[s3]\n\tsbbq %[b4], %[s4]\n\t"
        "sbbq %[b5], %[s5]"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [s4] "+&r"(s4), [s5] "+&r"(s5), [in] "+&q"(in),
          "=@ccc"(borrow)
        : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3]), [b4] "m"(b[4]), [b5] "m"(b[5]));
    return {s0, s1, s2, s3, s4, s5};
}

[[gnu::always_inline]] inline Limbs<6> reduce_in_chain(const Limbs<6>& value, const Limbs<6>& modulus) {
    const std::uint64_t s0 = value[0], s1 = value[1], s2 = value[2], s3 = value[3], s4 = value[4], s5 = value[5];
    std::uint64_t d0 = s0, d1 = s1, d2 = s2, d3 = s3, d4 = s4, d5 = s5;
    __asm__(
        "subq %[m0], %[d0]\n\tsbbq %[m1], %[d1]\n\tsbbq %[m2], %[d2]\n\t"
        "sbbq %[m3], %[d3]\n\tsbbq %[m4], %[d4]\n\tsbbq %[m5], %[d5]\n\t"
        "cmovcq %[s0], %[d0]\n\tcmovcq %[s1], %[d1]\n\tcmovcq %[s2], %[d2]\n\t"
        "cmovcq %[s3], %[d3]\n\tcmovcq %[s4], %[d4]\n\tcmovcq %[s5], %[d5]"
        : [d0] "+&r"(d0), [d1] "+&r"(d1), [d2] "+&r"(d2), [d3] "+&r"(d3), [d4] "+&r"(d4), [d5] "+&r"(d5)
        : [s0] "rm"(s0), [s1] "rm"(s1), [s2] "rm"(s2), [s3] "rm"(s3), [s4] "rm"(s4), [s5] "rm"(s5), [m0] "m"(modulus[0]),
          [m1] "m"(modulus[1]), [m2] "m"(modulus[2]), [m3] "m"(modulus[3]), [m4] "m"(modulus[4]), [m5] "m"(modulus[5])
        : "cc");
    return {d0, d1, d2, d3, d4, d5};
}

[[gnu::always_inline]] inline Limbs<6> add_modulo_in_chain(const Limbs<6>& a, const Limbs<6>& b, const Limbs<6>& modulus,
                                                           bool carry) {
    std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3], s4 = a[4], s5 = a[5];
    std::uint8_t in = carry;
    __asm__(
        "addb $-1, %[in]\n\tadcq %[b0], %[s0]\n\tadcq %[b1], %[s1]\n\t"
        "adcq %[b2], %[s2]\n\tadcq %[b3], %[s3]\n\tadcq %[b4], %[s4]\n\t"
        "adcq %[b5], %[s5]"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [s4] "+&r"(s4), [s5] "+&r"(s5), [in] "+&q"(in),
          "=@ccc"(carry)
        : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3]), [b4] "m"(b[4]), [b5] "m"(b[5]));
    std::uint64_t d0 = s0, d1 = s1, d2 = s2, d3 = s3, d4 = s4, d5 = s5;
    __asm__(
        "subq %[m0], %[d0]\n\tsbbq %[m1], %[d1]\n\tsbbq %[m2], %[d2]\n\t"
        "sbbq %[m3], %[d3]\n\tsbbq %[m4], %[d4]\n\tsbbq %[m5], %[d5]\n\t"
        "cmovcq %[s0], %[d0]\n\tcmovcq %[s1], %[d1]\n\tcmovcq %[s2], %[d2]\n\t"
        "cmovcq %[s3], %[d3]\n\tcmovcq %[s4], %[d4]\n\tcmovcq %[s5], %[d5]"
        : [d0] "+&r"(d0), [d1] "+&r"(d1), [d2] "+&r"(d2), [d3] "+&r"(d3), [d4] "+&r"(d4), [d5] "+&r"(d5)
        : [s0] "rm"(s0), [s1] "rm"(s1), [s2] "rm"(s2), [s3] "rm"(s3), [s4] "rm"(s4), [s5] "rm"(s5), [m0] "m"(modulus[0]),
          [m1] "m"(modulus[1]), [m2] "m"(modulus[2]), [m3] "m"(modulus[3]), [m4] "m"(modulus[4]), [m5] "m"(modulus[5])
        : "cc");
    return {d0, d1, d2, d3, d4, d5};
}

[[gnu::always_inline]] inline Limbs<6> subtract_modulo_in_chain(const Limbs<6>& a, const Limbs<6>& b,
                                                                const Limbs<6>& modulus, bool borrow) {
    std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3], s4 = a[4], s5 = a[5];
    std::uint8_t in = borrow;
    __asm__(
        "addb $-1, %[in]\n\tsbbq %[b0], %[s0]\n\tsbbq %[b1], %[s1]\n\t"
        "sbbq %[b2], %[s2]\n\tsbbq %[b3], %[s3]\n\tsbbq %[b4], %[s4]\n\t"
        "sbbq %[b5], %[s5]"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [s4] "+&r"(s4), [s5] "+&r"(s5), [in] "+&q"(in),
          "=@ccc"(borrow)
        : [b0] "m"(b[0]), [b1] "m"(b[1]), [b2] "m"(b[2]), [b3] "m"(b[3]), [b4] "m"(b[4]), [b5] "m"(b[5]));
    const std::uint64_t mask = -std::uint64_t{borrow};
    const std::uint64_t m0 = modulus[0] & mask, m1 = modulus[1] & mask, m2 = modulus[2] & mask, m3 = modulus[3] & mask,
                        m4 = modulus[4] & mask, m5 = modulus[5] & mask;
    __asm__(
        "addq %[m0], %[s0]\n\tadcq %[m1], %[s1]\n\tadcq %[m2], %[s2]\n\t"
        "adcq %[m3], %[s3]\n\tadcq %[m4], %[s4]\n\tadcq %[m5], %[s5]"
        : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [s4] "+&r"(s4), [s5] "+&r"(s5)
        : [m0] "rm"(m0), [m1] "rm"(m1), [m2] "rm"(m2), [m3] "rm"(m3), [m4] "rm"(m4), [m5] "rm"(m5)
        : "cc");
    return {s0, s1, s2, s3, s4, s5};
}

#endif

// --- numbers; a carry (borrow) goes in with the lowest limb and comes out of the highest ---

template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> add_carrying(const Limbs<N>& a, const Limbs<N>& b, bool& carry) {
#if INTERLOCK_CHAINS
    if (!std::is_constant_evaluated()) return add_in_chain(a, b, carry);
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
#if INTERLOCK_CHAINS
    if (!std::is_constant_evaluated()) return subtract_in_chain(a, b, borrow);
#endif
    Limbs<N> difference{};
    for (std::size_t i = 0; i < N; ++i) {
        const limbs::U128 limb = limbs::U128{a[i]} - b[i] - borrow;
        difference[i] = limbs::low_of(limb);
        borrow = limbs::high_of(limb) != 0;
    }
    return difference;
}

// Drops the carry, which the callers' operands never produce.
template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> add(const Limbs<N>& a, const Limbs<N>& b) {
#if INTERLOCK_CHAINS
    if (!std::is_constant_evaluated()) return add_in_chain(a, b);
#endif
    bool carry = false;
    return add_carrying(a, b, carry);
}

template <std::size_t N>
struct Difference {
    Limbs<N> value;
    bool borrow;
};

template <std::size_t N>
[[gnu::always_inline]] constexpr Difference<N> subtract(const Limbs<N>& a, const Limbs<N>& b) {
    bool borrow = false;
    const Limbs<N> value = subtract_borrowing(a, b, borrow);
    return {value, borrow};
}

// --- modulo a number ---

// Returns value mod modulus, for a value below twice the modulus.
template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> reduce_once(const Limbs<N>& value, const Limbs<N>& modulus) {
#if INTERLOCK_CHAINS
    if (!std::is_constant_evaluated()) return reduce_in_chain(value, modulus);
#endif
    const Difference<N> reduced = subtract(value, modulus);
    return reduced.borrow ? value : reduced.value;
}

// Returns a + b + carry mod modulus, for a sum below twice the modulus.
template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> add_modulo(const Limbs<N>& a, const Limbs<N>& b, const Limbs<N>& modulus,
                                                     bool carry = false) {
#if INTERLOCK_CHAINS
    if (!std::is_constant_evaluated()) return add_modulo_in_chain(a, b, modulus, carry);
#endif
    return reduce_once(add_carrying(a, b, carry), modulus);
}

// Returns a - b - borrow, and the modulus more if that is negative.
template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> subtract_modulo(const Limbs<N>& a, const Limbs<N>& b, const Limbs<N>& modulus,
                                                          bool borrow = false) {
#if INTERLOCK_CHAINS
    if (!std::is_constant_evaluated()) return subtract_modulo_in_chain(a, b, modulus, borrow);
#endif
    const Limbs<N> difference = subtract_borrowing(a, b, borrow);
    return borrow ? add(difference, modulus) : difference;
}

}  // namespace interlock::vm::curves::montgomery
