// Limbs: arithmetic on plain 64-bit limbs, least significant first. Word is built on it.
//
// Carries travel through 128-bit halves, which g++ turns into add/adc chains. Division is in vm/limb_division.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace interlock::vm::limbs {

__extension__ typedef unsigned __int128 U128;

template <std::size_t N>
using Limbs = std::array<std::uint64_t, N>;

constexpr U128 join(std::uint64_t high, std::uint64_t low) { return (U128{high} << 64) | low; }
constexpr std::uint64_t high_of(U128 value) { return static_cast<std::uint64_t>(value >> 64); }
constexpr std::uint64_t low_of(U128 value) { return static_cast<std::uint64_t>(value); }

// Returns how many limbs remain when leading zero limbs are dropped.
template <std::size_t N>
constexpr std::size_t significant(const Limbs<N>& value) {
    std::size_t count = N;
    while (count > 0 && value[count - 1] == 0) --count;
    return count;
}

struct Sum256 {
    Limbs<4> value;
    bool carry;  // of an addition, or the borrow of a subtraction
};

// On x86-64 the next three functions are written as explicit chains of carries: g++ 12 compiles halves of U128 to
// comparisons and single-bit additions, which take four times as many instructions.

[[gnu::always_inline]] constexpr Sum256 add(const Limbs<4>& a, const Limbs<4>& b) {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        std::uint64_t s0 = a[0], s1 = a[1], s2 = a[2], s3 = a[3];
        bool carry;
        __asm__("addq %[b0], %[s0]\n\tadcq %[b1], %[s1]\n\tadcq %[b2], %[s2]\n\tadcq %[b3], %[s3]"
                : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), "=@ccc"(carry)
                : [b0] "rme"(b[0]), [b1] "rme"(b[1]), [b2] "rme"(b[2]), [b3] "rme"(b[3]));
        return {{s0, s1, s2, s3}, carry};
    }
#endif
    const U128 a_low = join(a[1], a[0]), a_high = join(a[3], a[2]);
    const U128 low = a_low + join(b[1], b[0]);
    const U128 high = a_high + join(b[3], b[2]);
    const bool carry_low = low < a_low;
    const U128 high_with_carry = high + carry_low;
    const bool carry = (high < a_high) | (high_with_carry < high);
    return {{low_of(low), high_of(low), low_of(high_with_carry), high_of(high_with_carry)}, carry};
}

[[gnu::always_inline]] constexpr Sum256 subtract(const Limbs<4>& a, const Limbs<4>& b) {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        std::uint64_t d0 = a[0], d1 = a[1], d2 = a[2], d3 = a[3];
        bool borrow;
        __asm__("subq %[b0], %[d0]\n\tsbbq %[b1], %[d1]\n\tsbbq %[b2], %[d2]\n\tsbbq %[b3], %[d3]"
                : [d0] "+&r"(d0), [d1] "+&r"(d1), [d2] "+&r"(d2), [d3] "+&r"(d3), "=@ccc"(borrow)
                : [b0] "rme"(b[0]), [b1] "rme"(b[1]), [b2] "rme"(b[2]), [b3] "rme"(b[3]));
        return {{d0, d1, d2, d3}, borrow};
    }
#endif
    const U128 a_low = join(a[1], a[0]), a_high = join(a[3], a[2]);
    const U128 b_low = join(b[1], b[0]), b_high = join(b[3], b[2]);
    const bool borrow_low = a_low < b_low;
    const U128 low = a_low - b_low;
    const U128 high = a_high - b_high;
    const bool borrow = (a_high < b_high) | ((high == 0) & borrow_low);
    const U128 high_with_borrow = high - borrow_low;
    return {{low_of(low), high_of(low), low_of(high_with_borrow), high_of(high_with_borrow)}, borrow};
}

[[gnu::always_inline]] constexpr bool less(const Limbs<4>& a, const Limbs<4>& b) {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        std::uint64_t rest;
        bool borrow;
        __asm__(
            "cmpq %[b0], %[a0]\n\tmovq %[a1], %[rest]\n\tsbbq %[b1], %[rest]\n\tmovq %[a2], %[rest]\n\t"
            "sbbq %[b2], %[rest]\n\tmovq %[a3], %[rest]\n\tsbbq %[b3], %[rest]"
            : [rest] "=&r"(rest), "=@ccc"(borrow)
            : [a0] "r"(a[0]), [a1] "rm"(a[1]), [a2] "rm"(a[2]), [a3] "rm"(a[3]), [b0] "rme"(b[0]), [b1] "rme"(b[1]),
              [b2] "rme"(b[2]), [b3] "rme"(b[3]));
        return borrow;
    }
#endif
    const U128 a_high = join(a[3], a[2]), b_high = join(b[3], b[2]);
    return a_high != b_high ? a_high < b_high : join(a[1], a[0]) < join(b[1], b[0]);
}

// Returns `a` if `first`, otherwise `b`, by conditional moves instead of branches, because both cases are about as
// likely. (g++ would use vector masks, which must wait for limbs that were stored one by one just before.)
[[gnu::always_inline]] constexpr Limbs<4> select(bool first, const Limbs<4>& a, const Limbs<4>& b) {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        std::uint64_t s0 = b[0], s1 = b[1], s2 = b[2], s3 = b[3];
        __asm__(
            "testb %[first], %[first]\n\tcmovneq %[a0], %[s0]\n\tcmovneq %[a1], %[s1]\n\t"
            "cmovneq %[a2], %[s2]\n\tcmovneq %[a3], %[s3]"
            : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3)
            : [first] "q"(first), [a0] "rm"(a[0]), [a1] "rm"(a[1]), [a2] "rm"(a[2]), [a3] "rm"(a[3])
            : "cc");
        return {s0, s1, s2, s3};
    }
#endif
    return first ? a : b;
}

// Returns the low 256 bits of the product.
[[gnu::always_inline]] constexpr Limbs<4> multiply_low(const Limbs<4>& a, const Limbs<4>& b) {
    const U128 p00 = U128{a[0]} * b[0];
    const U128 p10 = U128{a[1]} * b[0] + high_of(p00);
    const U128 p01 = U128{a[0]} * b[1] + low_of(p10);
    U128 upper = U128{a[2]} * b[0] + high_of(p10);
    upper += U128{a[1]} * b[1] + high_of(p01);
    upper += U128{a[0]} * b[2];
    const std::uint64_t top = a[3] * b[0] + a[2] * b[1] + a[1] * b[2] + a[0] * b[3];
    return {low_of(p00), low_of(p01), low_of(upper), high_of(upper) + top};
}

// A column of a long multiplication: the sum of all partial products of the same weight, in three limbs. Multiplying
// column by column takes four instructions for each product, where rows of U128 take g++ twelve.
struct Column {
    std::uint64_t low = 0, middle = 0, high = 0;

    [[gnu::always_inline]] constexpr void add_product(std::uint64_t a, std::uint64_t b) {
#if defined(__x86_64__)
        if (!std::is_constant_evaluated()) {
            __asm__("mulq %[b]\n\taddq %%rax, %[low]\n\tadcq %%rdx, %[middle]\n\tadcq $0, %[high]"
                    : [low] "+r"(low), [middle] "+r"(middle), [high] "+r"(high), "+a"(a)
                    : [b] "rm"(b)
                    : "rdx", "cc");
            return;
        }
#endif
        const U128 product = U128{a} * b;
        const U128 sum = join(middle, low) + product;
        high += sum < product;
        low = low_of(sum);
        middle = high_of(sum);
    }
    [[gnu::always_inline]] constexpr void add(std::uint64_t limb) {
        const U128 sum = join(middle, low) + limb;
        high += sum < limb;
        low = low_of(sum);
        middle = high_of(sum);
    }
    // Returns the column's own limb. The rest is carried over to the next column, which the object then stands for.
    [[gnu::always_inline]] constexpr std::uint64_t take() {
        const std::uint64_t limb = low;
        low = middle;
        middle = high;
        high = 0;
        return limb;
    }
};

// Returns the whole product.
template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<2 * N> multiply_wide(const Limbs<N>& a, const Limbs<N>& b) {
    Limbs<2 * N> product{};
    Column column;
#pragma GCC unroll 16
    for (std::size_t k = 0; k < 2 * N - 1; ++k) {
#pragma GCC unroll 16
        for (std::size_t i = k < N ? 0 : k - N + 1; i < N && i <= k; ++i) column.add_product(a[i], b[k - i]);
        product[k] = column.take();
    }
    product[2 * N - 1] = column.take();
    return product;
}

// Moves `high` left by less than 64 bits and fills it up from `low`, or `low` right from `high`.
[[gnu::always_inline]] inline std::uint64_t fill_from_below(std::uint64_t high, std::uint64_t low, unsigned bits) {
#if defined(__x86_64__)
    __asm__("shldq %%cl, %[low], %[high]" : [high] "+r"(high) : [low] "r"(low), "c"(bits) : "cc");
    return high;
#else
    return high << bits | low >> 1 >> (63 - bits);
#endif
}
[[gnu::always_inline]] inline std::uint64_t fill_from_above(std::uint64_t high, std::uint64_t low, unsigned bits) {
#if defined(__x86_64__)
    __asm__("shrdq %%cl, %[high], %[low]" : [low] "+r"(low) : [high] "r"(high), "c"(bits) : "cc");
    return low;
#else
    return low >> bits | high << 1 << (63 - bits);
#endif
}

// Writes a limb at once: two that were put together could not be read while they are on their way to memory.
[[gnu::always_inline]] inline void write_limb(std::uint64_t& to, std::uint64_t limb) {
#if defined(__x86_64__)
    __asm__("" : "+r"(limb));
#endif
    to = limb;
}

// These shift to the left (right) by less than 256 bits. At run time a window of four limbs is read from the value with
// zeros beside it; the compiler does it by whole limbs first, two and then one.
[[gnu::always_inline]] constexpr Limbs<4> shift_left(const Limbs<4>& a, unsigned bits) {
    const unsigned rest = bits & 63;
    if (!std::is_constant_evaluated()) {
        std::uint64_t space[8] = {};
        for (std::size_t i = 0; i < 4; ++i) write_limb(space[4 + i], a[i]);
        const std::uint64_t* const window = space + 4 - bits / 64;
        return {window[0] << rest, fill_from_below(window[1], window[0], rest), fill_from_below(window[2], window[1], rest),
                fill_from_below(window[3], window[2], rest)};
    }
    const std::uint64_t two = -std::uint64_t{(bits >> 7) & 1}, one = -std::uint64_t{(bits >> 6) & 1};
    const std::uint64_t b0 = a[0] & ~two, b1 = a[1] & ~two, b2 = (a[2] & ~two) | (a[0] & two),
                        b3 = (a[3] & ~two) | (a[1] & two);
    const std::uint64_t c0 = b0 & ~one, c1 = (b1 & ~one) | (b0 & one), c2 = (b2 & ~one) | (b1 & one),
                        c3 = (b3 & ~one) | (b2 & one);
    const auto joined = [rest](std::uint64_t high, std::uint64_t low) { return high_of(join(high, low) << rest); };
    return {c0 << rest, joined(c1, c0), joined(c2, c1), joined(c3, c2)};
}

[[gnu::always_inline]] constexpr Limbs<4> shift_right(const Limbs<4>& a, unsigned bits) {
    const unsigned rest = bits & 63;
    if (!std::is_constant_evaluated()) {
        std::uint64_t space[8] = {};
        for (std::size_t i = 0; i < 4; ++i) write_limb(space[i], a[i]);
        const std::uint64_t* const window = space + bits / 64;
        return {fill_from_above(window[1], window[0], rest), fill_from_above(window[2], window[1], rest),
                fill_from_above(window[3], window[2], rest), window[3] >> rest};
    }
    const std::uint64_t two = -std::uint64_t{(bits >> 7) & 1}, one = -std::uint64_t{(bits >> 6) & 1};
    const std::uint64_t b3 = a[3] & ~two, b2 = a[2] & ~two, b1 = (a[1] & ~two) | (a[3] & two),
                        b0 = (a[0] & ~two) | (a[2] & two);
    const std::uint64_t c3 = b3 & ~one, c2 = (b2 & ~one) | (b3 & one), c1 = (b1 & ~one) | (b2 & one),
                        c0 = (b0 & ~one) | (b1 & one);
    const auto joined = [rest](std::uint64_t high, std::uint64_t low) { return low_of(join(high, low) >> rest); };
    return {joined(c1, c0), joined(c2, c1), joined(c3, c2), c3 >> rest};
}

}  // namespace interlock::vm::limbs
