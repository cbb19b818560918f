// Word: the machine's 256-bit unsigned integer, four 64-bit limbs, least significant first.
//
// Most words on a real stack fit in one or two limbs, so division checks for that first. The carries are in
// vm/limbs.hpp. Arithmetic wraps modulo 2^256; division by zero gives zero, as in the EVM (Yellow Paper, appendix H).
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "vm/bytes.hpp"
#include "vm/limb_division.hpp"
#include "vm/limbs.hpp"

namespace interlock::vm {

struct Word {
    std::array<std::uint64_t, 4> limbs{};

    constexpr Word() = default;
    constexpr Word(std::uint64_t value) : limbs{value, 0, 0, 0} {}  // NOLINT: a small number is a word
    constexpr Word(std::uint64_t l3, std::uint64_t l2, std::uint64_t l1, std::uint64_t l0) : limbs{l0, l1, l2, l3} {}

    explicit constexpr Word(const limbs::Limbs<4>& value) : limbs(value) {}

    friend constexpr bool operator==(const Word& a, const Word& b) {
        return ((a.limbs[0] ^ b.limbs[0]) | (a.limbs[1] ^ b.limbs[1]) | (a.limbs[2] ^ b.limbs[2]) |
                (a.limbs[3] ^ b.limbs[3])) == 0;
    }
    [[nodiscard]] constexpr bool is_zero() const { return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0; }
    [[nodiscard]] constexpr bool fits_u64() const { return (limbs[1] | limbs[2] | limbs[3]) == 0; }
    [[nodiscard]] constexpr std::uint64_t low64() const { return limbs[0]; }
    [[nodiscard]] constexpr bool is_negative() const { return limbs[3] >> 63; }  // as two's complement
    explicit constexpr operator bool() const { return !is_zero(); }
};

// --- comparison ---

constexpr bool operator<(const Word& a, const Word& b) { return limbs::less(a.limbs, b.limbs); }  // unsigned
constexpr bool operator>(const Word& a, const Word& b) { return b < a; }
constexpr bool operator<=(const Word& a, const Word& b) { return !(b < a); }
constexpr bool operator>=(const Word& a, const Word& b) { return !(a < b); }
constexpr std::strong_ordering operator<=>(const Word& a, const Word& b) {
    if (a == b) return std::strong_ordering::equal;
    return a < b ? std::strong_ordering::less : std::strong_ordering::greater;
}
constexpr bool signed_less(const Word& a, const Word& b) {
    return a.is_negative() != b.is_negative() ? a.is_negative() : a < b;
}

constexpr unsigned bit_length(const Word& a) {  // 0 for zero
    const std::size_t count = limbs::significant(a.limbs);
    return count == 0 ? 0 : static_cast<unsigned>(64 * count) - static_cast<unsigned>(std::countl_zero(a.limbs[count - 1]));
}
constexpr unsigned byte_length(const Word& a) { return (bit_length(a) + 7) / 8; }

// --- bits ---

constexpr Word operator&(const Word& a, const Word& b) {
    return {a.limbs[3] & b.limbs[3], a.limbs[2] & b.limbs[2], a.limbs[1] & b.limbs[1], a.limbs[0] & b.limbs[0]};
}
constexpr Word operator|(const Word& a, const Word& b) {
    return {a.limbs[3] | b.limbs[3], a.limbs[2] | b.limbs[2], a.limbs[1] | b.limbs[1], a.limbs[0] | b.limbs[0]};
}
constexpr Word operator^(const Word& a, const Word& b) {
    return {a.limbs[3] ^ b.limbs[3], a.limbs[2] ^ b.limbs[2], a.limbs[1] ^ b.limbs[1], a.limbs[0] ^ b.limbs[0]};
}
constexpr Word operator~(const Word& a) { return {~a.limbs[3], ~a.limbs[2], ~a.limbs[1], ~a.limbs[0]}; }
inline constexpr Word all_ones = ~Word();  // 2^256 - 1

constexpr Word operator<<(const Word& a, std::uint64_t bits) {  // zero for 256 bits and more
    return bits < 256 ? Word{limbs::shift_left(a.limbs, static_cast<unsigned>(bits))} : Word{};
}
constexpr Word operator>>(const Word& a, std::uint64_t bits) {
    return bits < 256 ? Word{limbs::shift_right(a.limbs, static_cast<unsigned>(bits))} : Word{};
}
// Copies of the sign come in from the left; for 256 bits and more only they remain.
constexpr Word arithmetic_shift_right(const Word& a, std::uint64_t bits) {
    return a.is_negative() ? ~(~a >> bits) : a >> bits;
}
// Sign-extends the value's low `byte_index` + 1 bytes, read in two's complement. For 31 and more the value stays.
// (SIGNEXTEND)
constexpr void extend_sign(Word& value, std::uint64_t byte_index) {
    if (byte_index >= 31) return;
    const std::uint64_t unused = (8 * byte_index ^ 56) % 64;  // bits of the number's last limb that are above it
    const std::size_t last = byte_index / 8;
    const auto limb = static_cast<std::int64_t>(value.limbs[last] << unused) >> unused;
    const auto sign = static_cast<std::uint64_t>(limb >> 63);
    value.limbs[last] = static_cast<std::uint64_t>(limb);
    if (last == 3) return;
    value.limbs[3] = sign;
    if (last == 2) return;
    value.limbs[2] = sign;
    if (last == 1) return;
    value.limbs[1] = sign;
}
constexpr Word sign_extend(Word value, const Word& byte_index) {
    if (byte_index.fits_u64()) extend_sign(value, byte_index.low64());
    return value;
}

// --- arithmetic modulo 2^256 ---

[[gnu::always_inline]] constexpr Word operator+(const Word& a, const Word& b) {
    return Word{limbs::add(a.limbs, b.limbs).value};
}
[[gnu::always_inline]] constexpr Word operator-(const Word& a, const Word& b) {
    return Word{limbs::subtract(a.limbs, b.limbs).value};
}
constexpr Word operator-(const Word& a) { return Word{} - a; }  // two's complement
constexpr Word operator*(const Word& a, const Word& b) { return Word{limbs::multiply_low(a.limbs, b.limbs)}; }

// Returns whether the word is zero or a power of two; compilers divide by powers of two to shift and to extract fields.
constexpr bool has_at_most_one_bit(const Word& a) { return (a & (a - Word{1})).is_zero(); }
// Returns the exponent of a power of two: the position of its one bit.
constexpr unsigned exponent_of_two(const Word& power) {
    const auto& limb = power.limbs;
    return 128 * unsigned{(limb[2] | limb[3]) != 0} + 64 * unsigned{(limb[1] | limb[3]) != 0} +
           static_cast<unsigned>(std::countr_zero(limb[0] | limb[1] | limb[2] | limb[3]));
}

// Division where an operand is longer than one limb.
[[gnu::noinline]] constexpr Word divide_long(const Word& a, const Word& b) {
    if (has_at_most_one_bit(b)) return b.is_zero() ? Word{} : a >> exponent_of_two(b);
    return Word{limbs::divide(a.limbs, b.limbs).quotient};
}
[[gnu::noinline]] constexpr Word remainder_long(const Word& a, const Word& b) {
    if (has_at_most_one_bit(b)) return b.is_zero() ? Word{} : a & (b - Word{1});
    return Word{limbs::remainder(a.limbs, b.limbs)};
}
constexpr bool both_fit_u64(const Word& a, const Word& b) {
    return (a.limbs[1] | a.limbs[2] | a.limbs[3] | b.limbs[1] | b.limbs[2] | b.limbs[3]) == 0;
}
[[gnu::always_inline]] constexpr Word operator/(const Word& a, const Word& b) {
    if (!both_fit_u64(a, b)) return divide_long(a, b);
    return b.limbs[0] == 0 ? 0 : a.limbs[0] / b.limbs[0];
}
[[gnu::always_inline]] constexpr Word operator%(const Word& a, const Word& b) {
    if (!both_fit_u64(a, b)) return remainder_long(a, b);
    return b.limbs[0] == 0 ? 0 : a.limbs[0] % b.limbs[0];
}

constexpr Word& operator+=(Word& a, const Word& b) { return a = a + b; }
constexpr Word& operator-=(Word& a, const Word& b) { return a = a - b; }
constexpr Word& operator*=(Word& a, const Word& b) { return a = a * b; }
constexpr Word& operator/=(Word& a, const Word& b) { return a = a / b; }
constexpr Word& operator%=(Word& a, const Word& b) { return a = a % b; }
constexpr Word& operator&=(Word& a, const Word& b) { return a = a & b; }
constexpr Word& operator|=(Word& a, const Word& b) { return a = a | b; }
constexpr Word& operator^=(Word& a, const Word& b) { return a = a ^ b; }
constexpr Word& operator<<=(Word& a, std::uint64_t bits) { return a = a << bits; }
constexpr Word& operator>>=(Word& a, std::uint64_t bits) { return a = a >> bits; }

constexpr Word sdiv(const Word& a, const Word& b) {  // rounds towards zero; -2^255 / -1 wraps to itself
    const Word quotient = (a.is_negative() ? -a : a) / (b.is_negative() ? -b : b);
    return a.is_negative() != b.is_negative() ? -quotient : quotient;
}
constexpr Word smod(const Word& a, const Word& b) {  // takes the sign of a
    const Word remainder = (a.is_negative() ? -a : a) % (b.is_negative() ? -b : b);
    return a.is_negative() ? -remainder : remainder;
}
// Return (a + b) and (a * b) modulo `modulus` without wrapping at 2^256; the result modulo zero is zero. The long ones
// need a modulus of four limbs.
[[nodiscard]] Word addmod_long(const Word& a, const Word& b, const Word& modulus);
void multiply_modulo_long(Word& to, const Word& a, const Word& b, const Word& modulus);  // `to` may be one of the operands
constexpr Word addmod(const Word& a, const Word& b, const Word& modulus) {
    const limbs::Sum256 sum = limbs::add(a.limbs, b.limbs);
    if (a < modulus && b < modulus) {
        const limbs::Sum256 reduced = limbs::subtract(sum.value, modulus.limbs);
        return Word{limbs::select(sum.carry || !reduced.carry, reduced.value, sum.value)};
    }
    if (modulus.limbs[3] != 0 && !std::is_constant_evaluated()) return addmod_long(a, b, modulus);
    if (modulus.is_zero()) return {};
    if (!sum.carry) return Word{sum.value} % modulus;
    const auto& s = sum.value;
    return Word{limbs::remainder(limbs::Limbs<5>{s[0], s[1], s[2], s[3], 1}, modulus.limbs)};
}
constexpr Word mulmod(const Word& a, const Word& b, const Word& modulus) {
    if ((a.limbs[3] | a.limbs[2] | b.limbs[3] | b.limbs[2]) == 0) {  // the product fits
        const Word product = a * b;
        return product < modulus ? product : product % modulus;
    }
    if (modulus.limbs[3] != 0 && !std::is_constant_evaluated()) {
        Word product;
        multiply_modulo_long(product, a, b, modulus);
        return product;
    }
    if (has_at_most_one_bit(modulus)) return modulus.is_zero() ? Word{} : a * b & (modulus - Word{1});
    return Word{limbs::remainder(limbs::multiply_wide(a.limbs, b.limbs), modulus.limbs)};
}
constexpr Word power(const Word& base, const Word& exponent) {  // power(0, 0) is 1
    if (base == Word{2}) return exponent.fits_u64() ? Word{1} << exponent.low64() : Word{};
    if (exponent.is_zero()) return {1};
    Word result = base;
    for (unsigned bit = bit_length(exponent) - 1; bit-- > 0;) {
        result *= result;
        if ((exponent.limbs[bit / 64] >> (bit % 64)) & 1) result *= base;
    }
    return result;
}

// --- bytes and text ---

[[nodiscard]] Word word_from_big_endian(ByteView bytes);  // at most 32 bytes; shorter ones are the low end
[[nodiscard]] std::array<std::uint8_t, 32> to_big_endian(const Word&);
[[nodiscard]] Word to_word(const Address&);
[[nodiscard]] Word to_word(const Hash&);
[[nodiscard]] Address to_address(const Word&);  // the low 20 bytes
[[nodiscard]] Hash to_hash(const Word&);

[[nodiscard]] std::string to_decimal(const Word&);  // "1000000000000000000"
[[nodiscard]] std::string to_hex(const Word&);      // "0xde0b6b3a7640000", no leading zeros, "0x0"
[[nodiscard]] std::optional<Word> parse_word(
    std::string_view);  // decimal, or hex after "0x"; std::nullopt otherwise, or on overflow

}  // namespace interlock::vm

template <>
struct std::hash<interlock::vm::Word> {
    std::size_t operator()(const interlock::vm::Word& w) const noexcept {
        std::uint64_t h = w.limbs[0] ^ (w.limbs[1] * 0x9e3779b97f4a7c15ULL) ^ (w.limbs[2] * 0xc2b2ae3d27d4eb4fULL) ^
                          (w.limbs[3] * 0x165667b19e3779f9ULL);
        h ^= h >> 29;
        h *= 0xbf58476d1ce4e5b9ULL;
        return h ^ (h >> 32);
    }
};
