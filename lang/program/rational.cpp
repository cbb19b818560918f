// Exact arithmetic of literals. Limits keep hostile constants (2**(2**64)) from using too much time and memory.
#include "lang/program/rational.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace interlock::lang {
namespace {

namespace mp = boost::multiprecision;

constexpr unsigned max_exponent = 2 * max_rational_bits;

BigInteger power_of(const BigInteger& base, unsigned exponent) { return mp::pow(base, exponent); }

BigInteger factor_of(NumberUnit unit) {
    switch (unit) {
        case NumberUnit::None:
        case NumberUnit::Wei:
        case NumberUnit::Seconds: return 1;
        case NumberUnit::Gwei: return 1'000'000'000;
        case NumberUnit::Szabo: return 1'000'000'000'000;
        case NumberUnit::Finney: return 1'000'000'000'000'000;
        case NumberUnit::Ether: return 1'000'000'000'000'000'000;
        case NumberUnit::Minutes: return 60;
        case NumberUnit::Hours: return 3'600;
        case NumberUnit::Days: return 86'400;
        case NumberUnit::Weeks: return 604'800;
        case NumberUnit::Years: return 31'536'000;
    }
    return 1;
}

std::optional<Rational> parse_hex_number(std::string_view digits) {
    BigInteger value = 0;
    for (const char c : digits) {
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) return std::nullopt;
        value = value * 16 + digit;
    }
    if (digits.empty() || bits_of(value) > max_rational_bits) return std::nullopt;
    return Rational{BigRational(value), static_cast<unsigned>(digits.size())};
}

// The parts of a literal such as "12.34e-5".
struct Decimal {
    BigInteger mantissa = 0;
    long exponent = 0;
};

std::optional<Decimal> parse_decimal(std::string_view text) {
    Decimal result;
    const std::size_t e = text.find_first_of("eE");
    bool after_point = false, any = false;
    for (const char c : text.substr(0, e)) {
        if (c == '.' && !after_point) {
            after_point = true;
        } else if (c >= '0' && c <= '9') {
            result.mantissa = result.mantissa * 10 + (c - '0');
            result.exponent -= after_point ? 1 : 0;
            any = true;
        } else {
            return std::nullopt;
        }
    }
    if (!any) return std::nullopt;
    if (e == std::string_view::npos) return result;
    std::string_view exponent = text.substr(e + 1);
    const bool negative = exponent.starts_with('-');
    if (negative) exponent.remove_prefix(1);
    long written = 0;
    for (const char c : exponent) {
        if (c < '0' || c > '9') return std::nullopt;
        written = std::min<long>(written * 10 + (c - '0'), max_exponent);
    }
    if (exponent.empty()) return std::nullopt;
    result.exponent += negative ? -written : written;
    return result;
}

// Rounds towards minus infinity, as a shift to the right does.
BigInteger floor_shift(const BigInteger& value, unsigned bits) {
    const BigInteger unit = BigInteger(1) << bits;
    BigInteger quotient = value / unit;
    if (value < 0 && quotient * unit != value) --quotient;
    return quotient;
}

std::optional<BigRational> fold_power(const BigRational& base, const BigRational& exponent) {
    if (denominator(exponent) != 1) return std::nullopt;
    const BigInteger n = numerator(exponent);
    if (base == 0 && n < 0) return std::nullopt;
    if (base == 0 || base == 1) return n == 0 ? BigRational(1) : base;
    if (base == -1) return BigRational(bit_test(abs(n), 0) ? -1 : 1);
    if (abs(n) > max_exponent) return std::nullopt;
    const auto count = abs(n).convert_to<unsigned>();
    const unsigned widest = std::max(bits_of(abs(numerator(base))), bits_of(denominator(base)));
    if (std::uint64_t{widest - 1} * count > max_rational_bits) return std::nullopt;
    const BigRational result(power_of(numerator(base), count), power_of(denominator(base), count));
    return n < 0 ? BigRational(1) / result : result;
}

std::optional<BigRational> fold_shift(BinaryOp op, const BigInteger& a, const BigInteger& bits) {
    if (bits < 0) return std::nullopt;
    if (a == 0) return BigRational(0);
    if (op == BinaryOp::ShiftLeft) {
        if (bits > max_rational_bits) return std::nullopt;
        return BigRational(a * (BigInteger(1) << bits.convert_to<unsigned>()));
    }
    if (bits > max_rational_bits) return BigRational(a < 0 ? -1 : 0);
    return BigRational(floor_shift(a, bits.convert_to<unsigned>()));
}

std::optional<BigRational> fold_bits(BinaryOp op, const BigRational& x, const BigRational& y) {
    if (denominator(x) != 1 || denominator(y) != 1) return std::nullopt;
    const BigInteger a = numerator(x), b = numerator(y);
    switch (op) {
        case BinaryOp::BitAnd: return BigRational(BigInteger(a & b));
        case BinaryOp::BitOr: return BigRational(BigInteger(a | b));
        case BinaryOp::BitXor: return BigRational(BigInteger(a ^ b));
        default: return fold_shift(op, a, b);
    }
}

std::optional<BigRational> fold_unlimited(BinaryOp op, const BigRational& a, const BigRational& b) {
    switch (op) {
        case BinaryOp::Add: return a + b;
        case BinaryOp::Subtract: return a - b;
        case BinaryOp::Multiply: return a * b;
        case BinaryOp::Divide:
            if (b == 0) return std::nullopt;
            return a / b;
        case BinaryOp::Modulo: {
            if (b == 0) return std::nullopt;
            const BigRational quotient = a / b;
            const BigInteger whole = numerator(quotient) / denominator(quotient);
            return a - b * BigRational(whole);
        }
        case BinaryOp::Power: return fold_power(a, b);
        case BinaryOp::ShiftLeft:
        case BinaryOp::ShiftRight:
        case BinaryOp::BitAnd:
        case BinaryOp::BitXor:
        case BinaryOp::BitOr: return fold_bits(op, a, b);
        default: return std::nullopt;
    }
}

}  // namespace

unsigned bits_of(const BigInteger& magnitude) { return magnitude == 0 ? 0 : msb(magnitude) + 1; }

bool within_limits(const BigRational& value) {
    return bits_of(abs(numerator(value))) <= max_rational_bits && bits_of(denominator(value)) <= max_rational_bits;
}

std::optional<Rational> parse_number(std::string_view text, NumberUnit unit) {
    if (text.size() > max_rational_bits) return std::nullopt;
    std::string digits(text);
    std::erase(digits, '_');
    std::optional<Rational> result;
    if (digits.starts_with("0x") || digits.starts_with("0X")) {
        result = parse_hex_number(std::string_view(digits).substr(2));
    } else if (const std::optional<Decimal> decimal = parse_decimal(digits)) {
        if (decimal->mantissa == 0) {
            result = Rational{};
        } else if (std::abs(decimal->exponent) <= static_cast<long>(max_exponent)) {
            const BigInteger scale = power_of(10, static_cast<unsigned>(std::abs(decimal->exponent)));
            result = Rational{decimal->exponent < 0 ? BigRational(decimal->mantissa, scale)
                                                    : BigRational(decimal->mantissa * scale)};
        }
    }
    if (!result) return std::nullopt;
    if (unit != NumberUnit::None) result->value *= BigRational(factor_of(unit));
    if (!within_limits(result->value)) return std::nullopt;
    return result;
}

std::optional<BigRational> fold(BinaryOp op, const BigRational& a, const BigRational& b) {
    std::optional<BigRational> result = fold_unlimited(op, a, b);
    if (result && !within_limits(*result)) return std::nullopt;
    return result;
}

bool fits(const BigInteger& value, bool is_signed, unsigned bits) {
    if (!is_signed) return value >= 0 && bits_of(value) <= bits;
    return value >= 0 ? bits_of(value) <= bits - 1 : bits_of(BigInteger(-value - 1)) <= bits - 1;
}

BigInteger to_integer(const vm::Word& value) {
    BigInteger result = 0;
    for (auto limb = value.limbs.rbegin(); limb != value.limbs.rend(); ++limb) result = (result << 64) + *limb;
    return result;
}

vm::Word to_word(const BigInteger& value) {
    const BigInteger modulus = BigInteger(1) << 256;
    BigInteger rest = value % modulus;
    if (rest < 0) rest += modulus;
    vm::Word result;
    for (std::uint64_t& limb : result.limbs) {
        limb = static_cast<std::uint64_t>(rest & 0xffffffffffffffffULL);
        rest >>= 64;
    }
    return result;
}

std::string to_string(const BigRational& value) {
    const auto shorten = [](const BigInteger& n) {
        const std::string digits = n.str();
        if (digits.size() <= 80) return digits;
        return fmt::format("{}...({} digits)...{}", digits.substr(0, 4), digits.size(), digits.substr(digits.size() - 4));
    };
    return denominator(value) == 1 ? shorten(numerator(value))
                                   : shorten(numerator(value)) + "/" + shorten(denominator(value));
}

}  // namespace interlock::lang
