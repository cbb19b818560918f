// Word: the machine's 256-bit unsigned integer, four 64-bit limbs, least significant first.
//
// Most words on a real stack fit in one or two limbs, so division, multiplication and exponentiation look for that first.
// Arithmetic wraps modulo 2^256; division by zero gives zero, as the EVM has it (Yellow Paper, appendix H).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "vm/bytes.hpp"

namespace interlock::vm {

struct Word {
    std::array<std::uint64_t, 4> limbs{};

    constexpr Word() = default;
    constexpr Word(std::uint64_t value) : limbs{value, 0, 0, 0} {}  // NOLINT: a small number is a word
    constexpr Word(std::uint64_t l3, std::uint64_t l2, std::uint64_t l1, std::uint64_t l0) : limbs{l0, l1, l2, l3} {}

    friend constexpr bool operator==(const Word&, const Word&) = default;
    [[nodiscard]] constexpr bool is_zero() const { return (limbs[0] | limbs[1] | limbs[2] | limbs[3]) == 0; }
    [[nodiscard]] constexpr bool fits_u64() const { return (limbs[1] | limbs[2] | limbs[3]) == 0; }
    [[nodiscard]] constexpr std::uint64_t low64() const { return limbs[0]; }
    [[nodiscard]] constexpr bool is_negative() const { return limbs[3] >> 63; }  // as two's complement
    explicit constexpr operator bool() const { return !is_zero(); }
};

// The interface that the rest of the house relies on; the bodies (constexpr) replace these declarations.
constexpr std::strong_ordering operator<=>(const Word&, const Word&);  // unsigned
constexpr Word operator+(const Word&, const Word&);
constexpr Word operator-(const Word&, const Word&);
constexpr Word operator*(const Word&, const Word&);
constexpr Word operator/(const Word&, const Word&);
constexpr Word operator%(const Word&, const Word&);
constexpr Word operator&(const Word&, const Word&);
constexpr Word operator|(const Word&, const Word&);
constexpr Word operator^(const Word&, const Word&);
constexpr Word operator~(const Word&);
constexpr Word operator-(const Word&);                      // two's complement
constexpr Word operator<<(const Word&, std::uint64_t bits);  // 256 and more: zero
constexpr Word operator>>(const Word&, std::uint64_t bits);
// compound assignments += -= *= /= %= &= |= ^= <<= >>= likewise
constexpr Word sdiv(const Word&, const Word&);
constexpr Word smod(const Word&, const Word&);
constexpr Word addmod(const Word& a, const Word& b, const Word& modulus);
constexpr Word mulmod(const Word& a, const Word& b, const Word& modulus);
constexpr Word power(const Word& base, const Word& exponent);
constexpr Word sign_extend(const Word& value, const Word& byte_index);  // SIGNEXTEND
constexpr Word arithmetic_shift_right(const Word&, std::uint64_t bits);
constexpr bool signed_less(const Word&, const Word&);
constexpr unsigned bit_length(const Word&);   // 0 for zero
constexpr unsigned byte_length(const Word&);

[[nodiscard]] Word word_from_big_endian(ByteView bytes);           // at most 32 bytes; shorter ones are the low end
[[nodiscard]] std::array<std::uint8_t, 32> to_big_endian(const Word&);
[[nodiscard]] Word to_word(const Address&);
[[nodiscard]] Word to_word(const Hash&);
[[nodiscard]] Address to_address(const Word&);                     // the low 20 bytes
[[nodiscard]] Hash to_hash(const Word&);

[[nodiscard]] std::string to_decimal(const Word&);                 // "1000000000000000000"
[[nodiscard]] std::string to_hex(const Word&);                     // "0xde0b6b3a7640000", no leading zeros, "0x0"
[[nodiscard]] std::optional<Word> parse_word(std::string_view);    // decimal, or hex after "0x"; nullopt on anything else or overflow

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
