// Prime fields: numbers modulo an odd prime of N limbs, in Montgomery's form.
//
// x is stored as x·2^(64N) mod p, so that reducing a product takes N multiplications of p by a limb instead of a
// division. (Montgomery, 1985; column by column: FIPS of Koç, Acar and Kaliski, 1996. No carry remains when p's top bit
// is clear.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "vm/bytes.hpp"
#include "vm/limbs.hpp"

namespace interlock::vm::curves {

using limbs::Limbs;

// Computes base^exponent, for any type that multiplies, using four bits of the exponent at a time.
template <class Element, std::size_t N>
constexpr Element power(const Element& base, const Limbs<N>& exponent) {
    std::array<Element, 16> powers{Element::one(), base};
    for (std::size_t i = 2; i < 16; ++i) powers[i] = i % 2 == 0 ? powers[i / 2].square() : powers[i - 1] * base;
    Element result = Element::one();
    bool started = false;
    for (std::size_t digit = 16 * limbs::significant(exponent); digit-- > 0;) {
        if (started)
            for (int i = 0; i < 4; ++i) result = result.square();
        const std::uint64_t value = (exponent[digit / 16] >> (4 * (digit % 16))) & 15;
        if (value == 0) continue;
        result = started ? result * powers[value] : powers[value];
        started = true;
    }
    return result;
}

// Returns (modulus + addend) / divisor for small numbers, rounded down: an exponent.
template <std::size_t N>
constexpr Limbs<N> quotient_of(const Limbs<N>& modulus, std::int64_t addend, std::uint64_t divisor) {
    limbs::Limbs<N> sum = modulus;
    bool carry = addend > 0 && __builtin_add_overflow(sum[0], static_cast<std::uint64_t>(addend), &sum[0]);
    bool borrow = addend < 0 && __builtin_sub_overflow(sum[0], static_cast<std::uint64_t>(-addend), &sum[0]);
    for (std::size_t i = 1; i < N; ++i) {
        carry = carry && ++sum[i] == 0;
        borrow = borrow && sum[i]-- == 0;
    }
    std::uint64_t remainder = 0;
    for (std::size_t i = N; i-- > 0;) {
        const limbs::U128 part = limbs::join(remainder, sum[i]);
        sum[i] = limbs::low_of(part / divisor);
        remainder = limbs::low_of(part % divisor);
    }
    return sum;
}

namespace montgomery {

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
        Difference<N> difference{};
#pragma GCC unroll 8
        for (std::size_t i = 0; i < N; ++i) {
            const limbs::U128 limb = limbs::U128{a[i]} - b[i] - difference.borrow;
            difference.value[i] = limbs::low_of(limb);
            difference.borrow = limbs::high_of(limb) != 0;
        }
        return difference;
    }
}

// Drops the carry, which the callers' operands never produce.
template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> add(const Limbs<N>& a, const Limbs<N>& b) {
    if constexpr (N == 4) {
        return limbs::add(a, b).value;
    } else {
        Limbs<N> sum{};
        std::uint64_t carry = 0;
#pragma GCC unroll 8
        for (std::size_t i = 0; i < N; ++i) {
            const limbs::U128 limb = limbs::U128{a[i]} + b[i] + carry;
            sum[i] = limbs::low_of(limb);
            carry = limbs::high_of(limb);
        }
        return sum;
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

// Returns value mod modulus, for a value below twice the modulus.
template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> reduce_once(const Limbs<N>& value, const Limbs<N>& modulus) {
    const Difference<N> reduced = subtract(value, modulus);
    return select(reduced.borrow, value, reduced.value);
}

// Returns -1/modulus mod 2^64 by Newton's iteration. Three bits are right at first, and each step doubles their number.
constexpr std::uint64_t negated_inverse(std::uint64_t odd) {
    std::uint64_t inverse = odd;
    for (int i = 0; i < 5; ++i) inverse *= 2 - odd * inverse;
    return -inverse;
}

template <std::size_t N>
constexpr Limbs<N> power_of_two(std::size_t exponent, const Limbs<N>& modulus) {
    Limbs<N> result{1};
    for (std::size_t i = 0; i < exponent; ++i) result = reduce_once(add(result, result), modulus);
    return result;
}

// Returns a·b / 2^(64N) mod modulus. To each low column it adds the multiple of the modulus that makes the column vanish.
template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> multiply(const Limbs<N>& a, const Limbs<N>& b, const Limbs<N>& modulus,
                                                   std::uint64_t minus_inverse) {
    limbs::Column column;
    Limbs<N> factor{}, result{};
#pragma GCC unroll 8
    for (std::size_t k = 0; k < N; ++k) {
#pragma GCC unroll 8
        for (std::size_t i = 0; i <= k; ++i) column.add_product(a[i], b[k - i]);
#pragma GCC unroll 8
        for (std::size_t i = 0; i < k; ++i) column.add_product(factor[i], modulus[k - i]);
        factor[k] = column.low * minus_inverse;
        column.add_product(factor[k], modulus[0]);
        column.take();
    }
#pragma GCC unroll 8
    for (std::size_t k = N; k < 2 * N - 1; ++k) {
#pragma GCC unroll 8
        for (std::size_t i = k - N + 1; i < N; ++i) {
            column.add_product(a[i], b[k - i]);
            column.add_product(factor[i], modulus[k - i]);
        }
        result[k - N] = column.take();
    }
    result[N - 1] = column.take();
    return reduce_once(result, modulus);
}

}  // namespace montgomery

// Prime::modulus is the prime as Limbs<N>.
template <class Prime>
class PrimeField {
  public:
    static constexpr auto modulus = Prime::modulus;
    static constexpr std::size_t limb_count = modulus.size();
    static constexpr std::size_t byte_count = 8 * limb_count;
    using Number = Limbs<limb_count>;
    static_assert(modulus[0] % 2 == 1 && modulus[limb_count - 1] < (~std::uint64_t{0} >> 1), "leaves no spare bit");

    constexpr PrimeField() = default;  // zero
    explicit constexpr PrimeField(std::uint64_t small) : PrimeField(of(Number{small})) {}
    static constexpr PrimeField of(const Number& number) { return PrimeField{raw, product(number, square_of_radix)}; }
    static constexpr PrimeField one() { return PrimeField{raw, radix}; }
    // For constants: hexadecimal digits, with which the compiler is content only if they make a number below the modulus.
    static consteval PrimeField hex(std::string_view digits) {
        Number number{};
        for (std::size_t i = 0; i < digits.size(); ++i) {
            const char digit = digits[digits.size() - 1 - i];
            number.at(i / 16) |= std::uint64_t(digit <= '9' ? digit - '0' : digit - 'a' + 10) << (4 * (i % 16));
        }
        if (!montgomery::subtract(number, modulus).borrow) throw "not below the modulus";
        return of(number);
    }

    // Reads exactly byte_count bytes, big-endian. Returns std::nullopt for a value that is not below the modulus.
    static constexpr std::optional<PrimeField> from_big_endian(ByteView bytes) {
        Number number{};
        for (std::size_t i = 0; i < byte_count; ++i)
            number[i / 8] |= std::uint64_t{bytes[byte_count - 1 - i]} << (8 * (i % 8));
        if (!montgomery::subtract(number, modulus).borrow) return std::nullopt;
        return of(number);
    }
    constexpr void to_big_endian(std::uint8_t* bytes) const {
        const Number plain = number();
        for (std::size_t i = 0; i < byte_count; ++i)
            bytes[byte_count - 1 - i] = static_cast<std::uint8_t>(plain[i / 8] >> (8 * (i % 8)));
    }
    [[nodiscard]] constexpr Number number() const { return product(limbs_, Number{1}); }

    friend constexpr bool operator==(const PrimeField&, const PrimeField&) = default;
    [[nodiscard]] constexpr bool is_zero() const { return *this == PrimeField{}; }

    [[gnu::always_inline]] friend constexpr PrimeField operator+(const PrimeField& a, const PrimeField& b) {
        return {raw, montgomery::reduce_once(montgomery::add(a.limbs_, b.limbs_), modulus)};
    }
    [[gnu::always_inline]] friend constexpr PrimeField operator-(const PrimeField& a, const PrimeField& b) {
        const auto difference = montgomery::subtract(a.limbs_, b.limbs_);
        return {raw, montgomery::select(difference.borrow, montgomery::add(difference.value, modulus), difference.value)};
    }
    friend constexpr PrimeField operator-(const PrimeField& a) { return PrimeField{} - a; }
    [[gnu::always_inline]] friend constexpr PrimeField operator*(const PrimeField& a, const PrimeField& b) {
        return {raw, product(a.limbs_, b.limbs_)};
    }
    [[nodiscard]] constexpr PrimeField doubled() const { return *this + *this; }
    [[nodiscard]] constexpr PrimeField square() const { return *this * *this; }
    // Uses Fermat's little theorem. The inverse of zero is zero.
    [[nodiscard]] constexpr PrimeField inverse() const {
        return power(*this, montgomery::subtract(modulus, Number{2}).value);
    }
    [[nodiscard]] constexpr bool is_odd() const { return number()[0] % 2 == 1; }
    // Returns a^((p-3)/4), where the prime has the form 4n + 3. Its product with a is a square root of a, or of -a where a
    // has none: squared it is a^((p-1)/2) · a = ±a. Likewise its square is 1/a or -1/a.
    [[nodiscard]] constexpr PrimeField inverse_root() const requires(modulus[0] % 4 == 3) {
        return power(*this, quotient_of(modulus, -3, 4));
    }
    [[nodiscard]] constexpr std::optional<PrimeField> square_root() const {
        const PrimeField root = *this * inverse_root();
        return root.square() == *this ? std::optional(root) : std::nullopt;
    }

  private:
    enum Raw { raw };  // marks limbs that are in Montgomery's form already

    static constexpr std::uint64_t minus_inverse = montgomery::negated_inverse(modulus[0]);
    static constexpr Number radix = montgomery::power_of_two(64 * limb_count, modulus);
    static constexpr Number square_of_radix = montgomery::power_of_two(128 * limb_count, modulus);

    [[gnu::always_inline]] static constexpr Number product(const Number& a, const Number& b) {
        return montgomery::multiply(a, b, modulus, minus_inverse);
    }

    constexpr PrimeField(Raw, const Number& limbs) : limbs_(limbs) {}

    Number limbs_{};
};

}  // namespace interlock::vm::curves
