// Prime fields: numbers modulo an odd prime of N limbs, in Montgomery's form (vm/curves/montgomery.hpp).
//
// Products may also stay unreduced until some of them are summed up: a reduction costs as much as a product.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "vm/bytes.hpp"
#include "vm/curves/inverse.hpp"
#include "vm/curves/montgomery.hpp"
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

// Prime::modulus is the prime as Limbs<N>.
template <class Prime>
class PrimeField {
  public:
    static constexpr auto modulus = Prime::modulus;
    static constexpr std::size_t limb_count = modulus.size();
    static constexpr std::size_t byte_count = 8 * limb_count;
    using Number = Limbs<limb_count>;
    static_assert(modulus[0] % 2 == 1 && modulus[limb_count - 1] < (~std::uint64_t{0} >> 2), "leaves no two spare bits");

    constexpr PrimeField() = default;  // zero
    explicit constexpr PrimeField(std::uint64_t small) : PrimeField(of(Number{small})) {}
    // Returns the residue of a number, which must be below R/2.
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
        return {raw, montgomery::add_modulo(a.limbs_, b.limbs_, modulus)};
    }
    [[gnu::always_inline]] friend constexpr PrimeField operator-(const PrimeField& a, const PrimeField& b) {
        return {raw, montgomery::subtract_modulo(a.limbs_, b.limbs_, modulus)};
    }
    friend constexpr PrimeField operator-(const PrimeField& a) { return PrimeField{} - a; }
    [[gnu::always_inline]] friend constexpr PrimeField operator*(const PrimeField& a, const PrimeField& b) {
        return {raw, product(a.limbs_, b.limbs_)};
    }
    [[nodiscard]] constexpr PrimeField doubled() const { return *this + *this; }
    [[nodiscard]] constexpr PrimeField square() const { return *this * *this; }
    // The inverse of zero is zero.
    [[nodiscard]] constexpr PrimeField inverse() const {
        return {raw, montgomery::inverse(limbs_, square_of_radix, modulus, minus_inverse)};
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

    // A product or a sum of products, between 0 and p·R. It stands for its quotient by R.
    class Wide {
      public:
        constexpr Wide() = default;

        [[gnu::always_inline]] friend constexpr Wide operator+(const Wide& a, const Wide& b) {
            bool carry = false;
            Wide sum;
            sum.low_ = montgomery::add_carrying(a.low_, b.low_, carry);
            sum.high_ = montgomery::add_modulo(a.high_, b.high_, modulus, carry);
            return sum;
        }
        [[gnu::always_inline]] friend constexpr Wide operator-(const Wide& a, const Wide& b) {
            bool borrow = false;
            Wide difference;
            difference.low_ = montgomery::subtract_borrowing(a.low_, b.low_, borrow);
            difference.high_ = montgomery::subtract_modulo(a.high_, b.high_, modulus, borrow);
            return difference;
        }
        // Returns this - b, which must not be negative.
        [[nodiscard, gnu::always_inline]] constexpr Wide less(const Wide& b) const {
            bool borrow = false;
            Wide difference;
            difference.low_ = montgomery::subtract_borrowing(low_, b.low_, borrow);
            difference.high_ = montgomery::subtract_borrowing(high_, b.high_, borrow);
            return difference;
        }

        [[nodiscard, gnu::always_inline]] constexpr PrimeField reduced() const {
#if INTERLOCK_CHAINS
            if (!std::is_constant_evaluated())
                if (montgomery::has_rows) [[likely]]
                    return {raw, montgomery::reduce_by_rows(low_, high_, modulus, minus_inverse)};
#endif
            return {raw, montgomery::reduce_by_columns(low_, high_, modulus, minus_inverse)};
        }

      private:
        friend PrimeField;
        Number low_{}, high_{};
    };

    [[gnu::always_inline]] static constexpr Wide wide_product(const PrimeField& a, const PrimeField& b) {
        return wide(a.limbs_, b.limbs_);
    }
    // Return (a + b)(c + d).
    [[gnu::always_inline]] static constexpr PrimeField product_of_sums(const PrimeField& a, const PrimeField& b,
                                                                       const PrimeField& c, const PrimeField& d) {
        return {raw, product_in_place(montgomery::add(a.limbs_, b.limbs_), montgomery::add(c.limbs_, d.limbs_))};
    }
    [[gnu::always_inline]] static constexpr Wide wide_product_of_sums(const PrimeField& a, const PrimeField& b,
                                                                      const PrimeField& c, const PrimeField& d) {
        return wide(montgomery::add(a.limbs_, b.limbs_), montgomery::add(c.limbs_, d.limbs_));
    }

  private:
    enum Raw { raw };  // marks limbs that are in Montgomery's form already

    static constexpr std::uint64_t minus_inverse = montgomery::negated_inverse(modulus[0]);
    static constexpr Number radix = montgomery::power_of_two(64 * limb_count, modulus);
    static constexpr Number square_of_radix = montgomery::power_of_two(128 * limb_count, modulus);

    [[gnu::always_inline]] static constexpr Number product(const Number& a, const Number& b) {
        if constexpr (limb_count > 4) {
            if (!std::is_constant_evaluated()) return product_by_call(a, b);
        }
        return product_in_place(a, b);
    }
    [[gnu::always_inline]] static constexpr Number product_in_place(const Number& a, const Number& b) {
#if INTERLOCK_CHAINS
        if (!std::is_constant_evaluated())
            if (montgomery::has_rows) [[likely]]
                return montgomery::multiply_by_rows(a, b, modulus, minus_inverse);
#endif
        return montgomery::multiply_by_columns(a, b, modulus, minus_inverse);
    }
    // Of more than four limbs, a product takes longer than a call, and its code is large.
    [[gnu::noinline]] static Number product_by_call(const Number& a, const Number& b) { return product_in_place(a, b); }

    [[gnu::always_inline]] static constexpr Wide wide(const Number& a, const Number& b) {
        Wide product;
#if INTERLOCK_CHAINS
        if (!std::is_constant_evaluated())
            if (montgomery::has_rows) [[likely]] {
                montgomery::multiply_wide_by_rows(product.low_, product.high_, a, b);
                return product;
            }
#endif
        montgomery::multiply_wide_by_columns(product.low_, product.high_, a, b);
        return product;
    }

    constexpr PrimeField(Raw, const Number& limbs) : limbs_(limbs) {}

    Number limbs_{};
};

}  // namespace interlock::vm::curves
