// Limbs: arithmetic on plain 64-bit limbs, least significant first; what Word is built on.
//
// Carries travel through 128-bit halves, which g++ turns into add/adc chains. Division is in vm/limb_division.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace interlock::vm::limbs {

__extension__ typedef unsigned __int128 U128;

template <std::size_t N>
using Limbs = std::array<std::uint64_t, N>;

constexpr U128 join(std::uint64_t high, std::uint64_t low) { return (U128{high} << 64) | low; }
constexpr std::uint64_t high_of(U128 value) { return static_cast<std::uint64_t>(value >> 64); }
constexpr std::uint64_t low_of(U128 value) { return static_cast<std::uint64_t>(value); }

// How many limbs are left when leading zero limbs are dropped.
template <std::size_t N>
constexpr std::size_t significant(const Limbs<N>& value) {
    std::size_t count = N;
    while (count > 0 && value[count - 1] == 0) --count;
    return count;
}

struct Sum256 {
    Limbs<4> value;
    bool carry;  // of an addition; the borrow of a subtraction
};

[[gnu::always_inline]] constexpr Sum256 add(const Limbs<4>& a, const Limbs<4>& b) {
    const U128 a_low = join(a[1], a[0]), a_high = join(a[3], a[2]);
    const U128 low = a_low + join(b[1], b[0]);
    const U128 high = a_high + join(b[3], b[2]);
    const bool carry_low = low < a_low;
    const U128 high_with_carry = high + carry_low;
    const bool carry = (high < a_high) | (high_with_carry < high);
    return {{low_of(low), high_of(low), low_of(high_with_carry), high_of(high_with_carry)}, carry};
}

[[gnu::always_inline]] constexpr Sum256 subtract(const Limbs<4>& a, const Limbs<4>& b) {
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
    const U128 a_high = join(a[3], a[2]), b_high = join(b[3], b[2]);
    return a_high != b_high ? a_high < b_high : join(a[1], a[0]) < join(b[1], b[0]);
}

// The low 256 bits of the product.
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

// All 512 bits of the product, row by row. (Written out: g++ keeps the rows of a loop in memory.)
[[gnu::always_inline]] constexpr Limbs<8> multiply_wide(const Limbs<4>& a, const Limbs<4>& b) {
    struct Row {
        std::uint64_t limbs[5];
    };
    // factor * b + (c3, c2, c1, c0); no carry leaves the fifth limb.
    const auto row = [&b](std::uint64_t factor, std::uint64_t c0, std::uint64_t c1, std::uint64_t c2,
                          std::uint64_t c3) {
        const U128 p0 = U128{factor} * b[0] + c0;
        const U128 p1 = U128{factor} * b[1] + c1 + high_of(p0);
        const U128 p2 = U128{factor} * b[2] + c2 + high_of(p1);
        const U128 p3 = U128{factor} * b[3] + c3 + high_of(p2);
        return Row{{low_of(p0), low_of(p1), low_of(p2), low_of(p3), high_of(p3)}};
    };
    const Row r0 = row(a[0], 0, 0, 0, 0);
    const Row r1 = row(a[1], r0.limbs[1], r0.limbs[2], r0.limbs[3], r0.limbs[4]);
    const Row r2 = row(a[2], r1.limbs[1], r1.limbs[2], r1.limbs[3], r1.limbs[4]);
    const Row r3 = row(a[3], r2.limbs[1], r2.limbs[2], r2.limbs[3], r2.limbs[4]);
    return {r0.limbs[0], r1.limbs[0], r2.limbs[0], r3.limbs[0], r3.limbs[1], r3.limbs[2], r3.limbs[3], r3.limbs[4]};
}

// A shift to the left (right) by less than 256 bits: whole limbs first, two and then one, by masks instead of branches.
[[gnu::always_inline]] constexpr Limbs<4> shift_left(const Limbs<4>& a, unsigned bits) {
    const std::uint64_t two = -std::uint64_t{(bits >> 7) & 1}, one = -std::uint64_t{(bits >> 6) & 1};
    const unsigned rest = bits & 63;
    const std::uint64_t b0 = a[0] & ~two, b1 = a[1] & ~two, b2 = (a[2] & ~two) | (a[0] & two),
                        b3 = (a[3] & ~two) | (a[1] & two);
    const std::uint64_t c0 = b0 & ~one, c1 = (b1 & ~one) | (b0 & one), c2 = (b2 & ~one) | (b1 & one),
                        c3 = (b3 & ~one) | (b2 & one);
    const auto joined = [rest](std::uint64_t high, std::uint64_t low) { return high_of(join(high, low) << rest); };
    return {c0 << rest, joined(c1, c0), joined(c2, c1), joined(c3, c2)};
}

[[gnu::always_inline]] constexpr Limbs<4> shift_right(const Limbs<4>& a, unsigned bits) {
    const std::uint64_t two = -std::uint64_t{(bits >> 7) & 1}, one = -std::uint64_t{(bits >> 6) & 1};
    const unsigned rest = bits & 63;
    const std::uint64_t b3 = a[3] & ~two, b2 = a[2] & ~two, b1 = (a[1] & ~two) | (a[3] & two),
                        b0 = (a[0] & ~two) | (a[2] & two);
    const std::uint64_t c3 = b3 & ~one, c2 = (b2 & ~one) | (b3 & one), c1 = (b1 & ~one) | (b2 & one),
                        c0 = (b0 & ~one) | (b1 & one);
    const auto joined = [rest](std::uint64_t high, std::uint64_t low) { return low_of(join(high, low) >> rest); };
    return {joined(c1, c0), joined(c2, c1), joined(c3, c2), c3 >> rest};
}

}  // namespace interlock::vm::limbs
