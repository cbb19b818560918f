// Limbs: multi-precision arithmetic on plain 64-bit limbs, least significant first; what Word is built on.
//
// Carries travel through 128-bit halves, which g++ turns into add/adc chains. Division looks at the significant limbs
// only: small numbers take the CPU's divide, the rest multiply by a reciprocal of the divisor's leading limbs (N.
// Möller, T. Granlund, "Improved division by invariant integers", 2011) inside Knuth's algorithm D (TAOCP 2,
// section 4.3.1).
#pragma once

#include <array>
#include <bit>
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

// How many limbs are left when leading zero limbs are dropped.
template <std::size_t N>
constexpr std::size_t significant(const Limbs<N>& value) {
    std::size_t count = N;
    while (count > 0 && value[count - 1] == 0) --count;
    return count;
}

// --- addition, subtraction, multiplication -----------------------------------------------------------------

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
    const U128 p10 = U128{a[1]} * b[0];
    const U128 p01 = U128{a[0]} * b[1];
    const U128 p20 = U128{a[2]} * b[0];
    const U128 p11 = U128{a[1]} * b[1];
    const U128 p02 = U128{a[0]} * b[2];
    const U128 middle = U128{high_of(p00)} + low_of(p10) + low_of(p01);
    const U128 upper = p20 + p11 + p02 + high_of(p10) + high_of(p01) + high_of(middle);
    const std::uint64_t top = a[3] * b[0] + a[2] * b[1] + a[1] * b[2] + a[0] * b[3];
    return {low_of(p00), low_of(middle), low_of(upper), high_of(upper) + top};
}

// All 512 bits of the product.
constexpr Limbs<8> multiply_wide(const Limbs<4>& a, const Limbs<4>& b) {
    Limbs<8> product{};
    for (std::size_t i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const U128 term = U128{a[j]} * b[i] + product[i + j] + carry;
            product[i + j] = low_of(term);
            carry = high_of(term);
        }
        product[i + 4] = carry;
    }
    return product;
}

// --- division ----------------------------------------------------------------------------------------------

struct DigitDivision {
    std::uint64_t quotient;
    std::uint64_t remainder;
};

// (high, low) / divisor, where high < divisor: the CPU's own divide where it has one.
[[gnu::always_inline]] constexpr DigitDivision divide_by_cpu(std::uint64_t high, std::uint64_t low,
                                                             std::uint64_t divisor) {
#if defined(__x86_64__)
    if (!std::is_constant_evaluated()) {
        std::uint64_t quotient, remainder;
        __asm__("divq %4" : "=a"(quotient), "=d"(remainder) : "0"(low), "1"(high), "r"(divisor) : "cc");
        return {quotient, remainder};
    }
#endif
    const U128 numerator = join(high, low);
    return {low_of(numerator / divisor), low_of(numerator % divisor)};
}

// floor((B^2 - 1) / divisor) - B for a divisor whose top bit is set, B = 2^64.
constexpr std::uint64_t reciprocal(std::uint64_t divisor) {
    return divide_by_cpu(~divisor, ~std::uint64_t{0}, divisor).quotient;
}

// floor((B^3 - 1) / (high, low)) - B for a divisor whose top bit is set. (Möller and Granlund, algorithm 6.)
constexpr std::uint64_t reciprocal(std::uint64_t high, std::uint64_t low) {
    std::uint64_t v = reciprocal(high);
    std::uint64_t p = high * v + low;
    if (p < low) {
        --v;
        if (p >= high) {
            --v;
            p -= high;
        }
        p -= high;
    }
    const U128 t = U128{v} * low;
    p += high_of(t);
    if (p < high_of(t)) {
        --v;
        if (join(p, low_of(t)) >= join(high, low)) --v;
    }
    return v;
}

// (high, low) / divisor by the divisor's reciprocal, where high < divisor. (Algorithm 4.)
[[gnu::always_inline]] constexpr DigitDivision divide_2by1(std::uint64_t high, std::uint64_t low, std::uint64_t divisor,
                                                           std::uint64_t reciprocal) {
    const U128 estimate = U128{reciprocal} * high + join(high, low);
    std::uint64_t quotient = high_of(estimate) + 1;
    std::uint64_t remainder = low - quotient * divisor;
    if (remainder > low_of(estimate)) {
        --quotient;
        remainder += divisor;
    }
    if (remainder >= divisor) [[unlikely]] {
        ++quotient;
        remainder -= divisor;
    }
    return {quotient, remainder};
}

struct WideDigitDivision {
    std::uint64_t quotient;
    U128 remainder;
};

// (u2, u1, u0) / divisor by the divisor's reciprocal, where (u2, u1) < divisor. (Algorithm 5.)
[[gnu::always_inline]] constexpr WideDigitDivision divide_3by2(std::uint64_t u2, std::uint64_t u1, std::uint64_t u0,
                                                               U128 divisor, std::uint64_t reciprocal) {
    const U128 estimate = U128{reciprocal} * u2 + join(u2, u1);
    std::uint64_t quotient = high_of(estimate);
    const std::uint64_t r1 = u1 - quotient * high_of(divisor);
    U128 remainder = join(r1, u0) - U128{low_of(divisor)} * quotient - divisor;
    ++quotient;
    if (high_of(remainder) >= low_of(estimate)) {
        --quotient;
        remainder += divisor;
    }
    if (remainder >= divisor) [[unlikely]] {
        ++quotient;
        remainder -= divisor;
    }
    return {quotient, remainder};
}

template <std::size_t N>
struct Division {
    Limbs<N> quotient{};
    Limbs<4> remainder{};
};

// The numerator moved left by the divisor's leading zeros, with one limb more to take what falls out at the top.
template <std::size_t N>
constexpr Limbs<N + 1> normalised(const Limbs<N>& value, std::size_t count, unsigned shift) {
    Limbs<N + 1> moved{};
    if (shift == 0) {
        for (std::size_t i = 0; i < count; ++i) moved[i] = value[i];
        return moved;
    }
    moved[count] = value[count - 1] >> (64 - shift);
    for (std::size_t i = count - 1; i > 0; --i) moved[i] = (value[i] << shift) | (value[i - 1] >> (64 - shift));
    moved[0] = value[0] << shift;
    return moved;
}

template <std::size_t N>
constexpr Division<N> divide_by_one_limb(const Limbs<N>& numerator, std::size_t count, std::uint64_t divisor) {
    Division<N> result;
    const unsigned shift = static_cast<unsigned>(std::countl_zero(divisor));
    const Limbs<N + 1> u = normalised(numerator, count, shift);
    const std::uint64_t d = divisor << shift, v = reciprocal(d);
    std::uint64_t remainder = u[count];
    for (std::size_t i = count; i-- > 0;) {
        const DigitDivision digit = divide_2by1(remainder, u[i], d, v);
        result.quotient[i] = digit.quotient;
        remainder = digit.remainder;
    }
    result.remainder[0] = remainder >> shift;
    return result;
}

template <std::size_t N>
constexpr Division<N> divide_by_two_limbs(const Limbs<N>& numerator, std::size_t count, U128 divisor) {
    Division<N> result;
    const unsigned shift = static_cast<unsigned>(std::countl_zero(high_of(divisor)));
    const Limbs<N + 1> u = normalised(numerator, count, shift);
    const U128 d = divisor << shift;
    const std::uint64_t v = reciprocal(high_of(d), low_of(d));
    U128 remainder = join(u[count], u[count - 1]);
    for (std::size_t i = count - 1; i-- > 0;) {
        const WideDigitDivision digit = divide_3by2(high_of(remainder), low_of(remainder), u[i], d, v);
        result.quotient[i] = digit.quotient;
        remainder = digit.remainder;
    }
    remainder >>= shift;
    result.remainder[0] = low_of(remainder);
    result.remainder[1] = high_of(remainder);
    return result;
}

// u[at .. at + M] -= digit * d for M divisor limbs; adds d back where that was one too much. Returns the digit in
// force.
template <std::size_t M, std::size_t N>
[[gnu::always_inline]] constexpr std::uint64_t subtract_multiple(Limbs<N>& u, std::size_t at, const Limbs<M>& d,
                                                                 std::uint64_t digit) {
    std::uint64_t borrow = 0;
    for (std::size_t j = 0; j < M; ++j) {
        const U128 product = U128{d[j]} * digit + borrow;
        borrow = high_of(product) + (u[at + j] < low_of(product));
        u[at + j] -= low_of(product);
    }
    const bool too_much = u[at + M] < borrow;
    u[at + M] -= borrow;
    if (!too_much) return digit;
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < M; ++j) {
        const U128 sum = U128{u[at + j]} + d[j] + carry;
        u[at + j] = low_of(sum);
        carry = high_of(sum);
    }
    u[at + M] += carry;
    return digit - 1;
}

// Knuth's algorithm D for a divisor of M = 3 or 4 limbs. The digit's estimate comes from three limbs over two, so it is
// right nearly always and never more than one too large.
template <std::size_t M, std::size_t N>
constexpr Division<N> divide_by_many_limbs(const Limbs<N>& numerator, std::size_t count, const Limbs<4>& divisor) {
    Division<N> result;
    const unsigned shift = static_cast<unsigned>(std::countl_zero(divisor[M - 1]));
    Limbs<N + 1> u = normalised(numerator, count, shift);
    Limbs<M> d{};
    for (std::size_t i = 0; i < M; ++i) {
        d[i] = divisor[i] << shift;
        if (shift != 0 && i > 0) d[i] |= divisor[i - 1] >> (64 - shift);
    }
    const U128 lead = join(d[M - 1], d[M - 2]);
    const std::uint64_t v = reciprocal(d[M - 1], d[M - 2]);
    for (std::size_t at = count - M + 1; at-- > 0;) {
        const U128 top = join(u[at + M], u[at + M - 1]);
        // top == lead is the one case where the estimate would not fit in a limb (top > lead cannot happen).
        const std::uint64_t estimate =
            top >= lead ? ~std::uint64_t{0} : divide_3by2(high_of(top), low_of(top), u[at + M - 2], lead, v).quotient;
        result.quotient[at] = subtract_multiple<M>(u, at, d, estimate);
    }
    for (std::size_t i = 0; i < M; ++i) {
        result.remainder[i] = u[i] >> shift;
        if (shift != 0 && i + 1 < M) result.remainder[i] |= u[i + 1] << (64 - shift);
    }
    return result;
}

// Quotient and remainder; the divisor is not zero.
template <std::size_t N>
constexpr Division<N> divide(const Limbs<N>& numerator, const Limbs<4>& divisor) {
    const std::size_t count = significant(numerator), divisor_count = significant(divisor);
    Division<N> result;
    if (count < divisor_count) {
        for (std::size_t i = 0; i < 4; ++i) result.remainder[i] = numerator[i];  // those above are zero
        return result;
    }
    switch (divisor_count) {
        case 1:
            if (count == 1) {
                result.quotient[0] = numerator[0] / divisor[0];
                result.remainder[0] = numerator[0] % divisor[0];
                return result;
            }
            if (count == 2) {
                result.quotient[1] = numerator[1] / divisor[0];
                const DigitDivision low = divide_by_cpu(numerator[1] % divisor[0], numerator[0], divisor[0]);
                result.quotient[0] = low.quotient;
                result.remainder[0] = low.remainder;
                return result;
            }
            return divide_by_one_limb(numerator, count, divisor[0]);
        case 2: return divide_by_two_limbs(numerator, count, join(divisor[1], divisor[0]));
        case 3: return divide_by_many_limbs<3>(numerator, count, divisor);
        default: return divide_by_many_limbs<4>(numerator, count, divisor);
    }
}

}  // namespace interlock::vm::limbs
