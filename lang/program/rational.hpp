// Number literals, and constant expressions of them, are exact rationals until they get a type, as in solc. (Solidity
// reference, "Rational and Integer Literals".) This header includes Boost.Multiprecision, so it is private to the checker.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/multiprecision/cpp_int.hpp>

#include "lang/syntax/tree.hpp"
#include "vm/word.hpp"

namespace interlock::lang {

using BigInteger = boost::multiprecision::cpp_int;
using BigRational = boost::multiprecision::cpp_rational;

struct Rational {
    BigRational value;
    unsigned hex_digits = 0;  // as written in a hexadecimal literal, which is also a bytesN of that size

    [[nodiscard]] bool is_integer() const { return denominator(value) == 1; }
    [[nodiscard]] BigInteger integer() const { return numerator(value); }  // needs is_integer()
};

inline constexpr unsigned max_rational_bits = 4096;  // of numerator and denominator

[[nodiscard]] bool within_limits(const BigRational&);

// Returns the value of a literal as the lexer read it, or std::nullopt if it is malformed or exceeds the limits.
[[nodiscard]] std::optional<Rational> parse_number(std::string_view text, NumberUnit unit);

// Computes exactly with two constants, except comparisons. Returns std::nullopt if there is no result or it is too large.
[[nodiscard]] std::optional<BigRational> fold(BinaryOp op, const BigRational& a, const BigRational& b);

[[nodiscard]] unsigned bits_of(const BigInteger& magnitude);  // 0 for zero
[[nodiscard]] bool fits(const BigInteger& value, bool is_signed, unsigned bits);
[[nodiscard]] BigInteger to_integer(const vm::Word& value);  // unsigned
[[nodiscard]] vm::Word to_word(const BigInteger& value);     // two's complement, modulo 2^256
[[nodiscard]] std::string to_string(const BigRational&);     // "5", "1/2"; long ones shortened: "1157…(78 digits)…9935"

}  // namespace interlock::lang
