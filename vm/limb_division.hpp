// Division of numbers of up to eight limbs by numbers of up to four.
//
// Only significant limbs are used: small numbers take the CPU's divide instruction, all others multiply by a reciprocal
// of the divisor's leading limbs (N. Möller, T. Granlund, "Improved division by invariant integers", 2011) inside
// Knuth's algorithm D (TAOCP 2, section 4.3.1).
#pragma once

#include <bit>
#include <type_traits>

#include "vm/limbs.hpp"

namespace interlock::vm::limbs {

struct DigitDivision {
    std::uint64_t quotient;
    std::uint64_t remainder;
};

// (high, low) / divisor, where high < divisor: the CPU's own divide where it has one.
[[gnu::always_inline]] constexpr DigitDivision divide_by_cpu(std::uint64_t high, std::uint64_t low, std::uint64_t divisor) {
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
    // The digit is one too large half of the time, so this is a mask: a branch would be mispredicted.
    const std::uint64_t mask = -std::uint64_t{remainder > low_of(estimate)};
    quotient += mask;
    remainder += mask & divisor;
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
    // The digit is one too large half of the time, so this is a mask: a branch would be mispredicted.
    const std::uint64_t mask = -std::uint64_t{high_of(remainder) >= low_of(estimate)};
    quotient += mask;
    remainder += join(mask, mask) & divisor;
    if (remainder >= divisor) [[unlikely]] {
        ++quotient;
        remainder -= divisor;
    }
    return {quotient, remainder};
}

// If only the remainder is wanted, QuotientLimbs is zero and the quotient is not kept.
template <std::size_t QuotientLimbs>
struct Division {
    Limbs<QuotientLimbs> quotient{};
    Limbs<4> remainder{};

    constexpr void set_digit([[maybe_unused]] std::size_t i, [[maybe_unused]] std::uint64_t digit) {
        if constexpr (QuotientLimbs > 0) quotient[i] = digit;
    }
};

// Returns the numerator moved left by the divisor's leading zeros, with one more limb for the bits that leave at the top.
template <std::size_t N>
constexpr Limbs<N + 1> normalised(const Limbs<N>& value, std::size_t count, unsigned shift) {
    Limbs<N + 1> moved;
    if (std::is_constant_evaluated()) moved = {};  // constants must not have uninitialised limbs
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < count; ++i) {
        moved[i] = high_of(join(value[i], below) << shift);
        below = value[i];
    }
    moved[count] = high_of(join(0, below) << shift);
    return moved;
}

template <std::size_t Q, std::size_t N>
[[gnu::always_inline]] constexpr Division<Q> divide_by_one_limb(const Limbs<N>& numerator, std::size_t count,
                                                                std::uint64_t divisor) {
    Division<Q> result;
    const unsigned shift = static_cast<unsigned>(std::countl_zero(divisor));
    const Limbs<N + 1> u = normalised(numerator, count, shift);
    const std::uint64_t d = divisor << shift, v = reciprocal(d);
    std::uint64_t remainder = u[count];
    for (std::size_t i = count; i-- > 0;) {
        const DigitDivision digit = divide_2by1(remainder, u[i], d, v);
        result.set_digit(i, digit.quotient);
        remainder = digit.remainder;
    }
    result.remainder[0] = remainder >> shift;
    return result;
}

template <std::size_t Q, std::size_t N>
[[gnu::always_inline]] constexpr Division<Q> divide_by_two_limbs(const Limbs<N>& numerator, std::size_t count,
                                                                 U128 divisor) {
    Division<Q> result;
    const unsigned shift = static_cast<unsigned>(std::countl_zero(high_of(divisor)));
    const Limbs<N + 1> u = normalised(numerator, count, shift);
    const U128 d = divisor << shift;
    const std::uint64_t v = reciprocal(high_of(d), low_of(d));
    U128 remainder = join(u[count], u[count - 1]);
    for (std::size_t i = count - 1; i-- > 0;) {
        const WideDigitDivision digit = divide_3by2(high_of(remainder), low_of(remainder), u[i], d, v);
        result.set_digit(i, digit.quotient);
        remainder = digit.remainder;
    }
    remainder >>= shift;
    result.remainder[0] = low_of(remainder);
    result.remainder[1] = high_of(remainder);
    return result;
}

// A divisor of M = 3 or 4 limbs, moved left until its top bit is set, and the reciprocal of its two leading limbs.
template <std::size_t M>
struct LongDivisor {
    Limbs<M> d;
    U128 lead;
    std::uint64_t reciprocal;

    // One step of algorithm D: (remainder, next) / d, where remainder < d. Returns the digit, leaves the new remainder.
    [[gnu::always_inline]] constexpr std::uint64_t divide_step(Limbs<M>& remainder, std::uint64_t next) const {
        if (join(remainder[M - 1], remainder[M - 2]) == lead) [[unlikely]]
            return divide_step_at_limit(remainder, next);
        // Dividing three limbs by two gives a digit that is nearly always right and never more than one too large.
        const WideDigitDivision estimate =
            divide_3by2(remainder[M - 1], remainder[M - 2], remainder[M - 3], lead, reciprocal);
        std::uint64_t digit = estimate.quotient;
        U128 top = estimate.remainder;
        if constexpr (M == 4) {
            const U128 p0 = U128{digit} * d[0];
            const U128 p1 = U128{digit} * d[1] + high_of(p0);
            const U128 bottom = join(remainder[0], next);
            const U128 product = join(low_of(p1), low_of(p0));
            const U128 subtrahend = U128{high_of(p1)} + (bottom < product);
            U128 low = bottom - product;
            const bool too_much = top < subtrahend;
            top -= subtrahend;
            if (too_much) [[unlikely]] {
                --digit;
                low += join(d[1], d[0]);
                top += lead + (low < join(d[1], d[0]));
            }
            remainder = {low_of(low), high_of(low), low_of(top), high_of(top)};
        } else {
            const U128 product = U128{digit} * d[0];
            const U128 subtrahend = U128{high_of(product)} + (next < low_of(product));
            std::uint64_t low = next - low_of(product);
            const bool too_much = top < subtrahend;
            top -= subtrahend;
            if (too_much) [[unlikely]] {
                --digit;
                low += d[0];
                top += lead + (low < d[0]);
            }
            remainder = {low, low_of(top), high_of(top)};
        }
        return digit;
    }

    // Handles a remainder whose leading limbs equal the divisor's. The digit is the largest one, B - 1, since d -
    // remainder is less than B^(M - 2). The new remainder, remainder B + next - (B - 1) d, equals (remainder - d) B + d
    // + next.
    [[gnu::noinline]] constexpr std::uint64_t divide_step_at_limit(Limbs<M>& remainder, std::uint64_t next) const {
        Limbs<M> left{};
        std::uint64_t from_below = 0, carry = next, borrow = 0;
        for (std::size_t j = 0; j < M; ++j) {
            const U128 sum = U128{d[j]} + from_below + carry;
            left[j] = low_of(sum);
            carry = high_of(sum);
            const U128 difference = U128{remainder[j]} - d[j] - borrow;
            from_below = low_of(difference);
            borrow = high_of(difference) & 1;
        }
        remainder = left;
        return ~std::uint64_t{0};
    }
};

template <std::size_t M>
constexpr LongDivisor<M> long_divisor(const Limbs<4>& divisor, unsigned shift) {
    const Limbs<4> moved = shift_left(divisor, shift);
    LongDivisor<M> result{};
    for (std::size_t i = 0; i < M; ++i) result.d[i] = moved[i];
    result.lead = join(moved[M - 1], moved[M - 2]);
    result.reciprocal = reciprocal(moved[M - 1], moved[M - 2]);
    return result;
}

// Knuth's algorithm D. The remainder stays in registers while the numerator's limbs are read from the top.
template <std::size_t M, std::size_t Q, std::size_t N>
[[gnu::always_inline]] constexpr Division<Q> divide_by_many_limbs(const Limbs<N>& numerator, std::size_t count,
                                                                  const Limbs<4>& divisor) {
    Division<Q> result;
    const unsigned shift = static_cast<unsigned>(std::countl_zero(divisor[M - 1]));
    const Limbs<N + 1> u = normalised(numerator, count, shift);
    const LongDivisor<M> by = long_divisor<M>(divisor, shift);
    // If the numerator's top limb is less than the divisor's, the quotient has no digit there.
    std::size_t next = u[count] == 0 && u[count - 1] < by.d[M - 1] ? count - M : count - M + 1;
    Limbs<M> remainder{};
    for (std::size_t i = 0; i < M; ++i) remainder[i] = u[next + i];
    while (next-- > 0) result.set_digit(next, by.divide_step(remainder, u[next]));
    Limbs<4> whole{};
    for (std::size_t i = 0; i < M; ++i) whole[i] = remainder[i];
    result.remainder = shift_right(whole, shift);
    return result;
}

template <std::size_t Q, std::size_t N>
[[gnu::always_inline]] constexpr Division<Q> divide_significant(const Limbs<N>& numerator, const Limbs<4>& divisor) {
    const std::size_t count = significant(numerator), divisor_count = significant(divisor);
    Division<Q> result;
    if (count < divisor_count) {
        for (std::size_t i = 0; i < 4; ++i) result.remainder[i] = numerator[i];  // the limbs above are zero
        return result;
    }
    switch (divisor_count) {
        case 1:
            if (count == 1) {
                result.set_digit(0, numerator[0] / divisor[0]);
                result.remainder[0] = numerator[0] % divisor[0];
                return result;
            }
            if (count == 2) {
                result.set_digit(1, numerator[1] / divisor[0]);
                const DigitDivision low = divide_by_cpu(numerator[1] % divisor[0], numerator[0], divisor[0]);
                result.set_digit(0, low.quotient);
                result.remainder[0] = low.remainder;
                return result;
            }
            return divide_by_one_limb<Q>(numerator, count, divisor[0]);
        case 2: return divide_by_two_limbs<Q>(numerator, count, join(divisor[1], divisor[0]));
        case 3: return divide_by_many_limbs<3, Q>(numerator, count, divisor);
        default: return divide_by_many_limbs<4, Q>(numerator, count, divisor);
    }
}

// Returns quotient and remainder. The divisor must not be zero.
template <std::size_t N>
[[gnu::always_inline]] constexpr Division<N> divide(const Limbs<N>& numerator, const Limbs<4>& divisor) {
    return divide_significant<N>(numerator, divisor);
}

template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<4> remainder(const Limbs<N>& numerator, const Limbs<4>& divisor) {
    return divide_significant<0>(numerator, divisor).remainder;
}

}  // namespace interlock::vm::limbs
