// Converts ABI values from and to text as people write them on a command line: "1.5 ether", "3days", "-5", "0x00ff",
// "\"hi\"". Numbers are exact: a fraction is accepted if the unit turns it into an integer, and nothing is ever rounded.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lang/abi/abi.hpp"

namespace interlock::lang::abi {

using vm::Word;

namespace {

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};

// Solidity's units: wei for money, seconds for time.
constexpr std::array units{Unit{"wei", 1},       Unit{"gwei", 1'000'000'000}, Unit{"ether", 1'000'000'000'000'000'000},
                           Unit{"seconds", 1},   Unit{"minutes", 60},         Unit{"hours", 3600},
                           Unit{"days", 86'400}, Unit{"weeks", 604'800}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool multiply(Word& value, const Word& factor) {
    const Word product = value * factor;
    if (!value.is_zero() && product / value != factor) return false;
    value = product;
    return true;
}

// A number as its text says it, before it is converted to a type.
struct Number {
    bool negative = false;
    Word magnitude;
    std::string error;
};

// Reads "12_500.25e3 gwei" from left to right.
class NumberReader {
  public:
    explicit NumberReader(std::string_view text) : rest_(trim(text)) {}

    Number read() {
        number_.negative = take('-');
        if (rest_.starts_with("0x") || rest_.starts_with("0X")) return hexadecimal();
        if (rest_.empty() || !is_digit(rest_.front())) return fail("expected a number");
        if (!digits(nullptr)) return fail("the number is too large");
        if (take('.')) {
            if (rest_.empty() || !is_digit(rest_.front())) return fail("expected digits after the point");
            if (!digits(&exponent_)) return fail("the number is too large");
        }
        if (!rest_.empty() && (rest_.front() == 'e' || rest_.front() == 'E') && rest_.size() > 1 && is_digit(rest_[1]) &&
            !power_of_ten())
            return fail("the number is too large");
        return with_unit(trim(rest_));
    }

  private:
    static constexpr int max_exponent = 100;  // beyond any 256-bit number

    Number fail(std::string error) {
        number_.error = std::move(error);
        return number_;
    }

    bool take(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    Number hexadecimal() {
        const auto value = vm::parse_word(rest_);
        if (!value) return fail(fmt::format("`{}` is not a hexadecimal number of at most 256 bits", rest_));
        number_.magnitude = *value;
        return number_;
    }

    // Appends digits to the magnitude; each digit after the point decrements the exponent.
    bool digits(int* exponent) {
        for (;
             !rest_.empty() && (is_digit(rest_.front()) || (rest_.front() == '_' && rest_.size() > 1 && is_digit(rest_[1])));
             rest_.remove_prefix(1)) {
            if (rest_.front() == '_') continue;
            const Word digit(static_cast<std::uint64_t>(rest_.front() - '0'));
            if (!multiply(number_.magnitude, Word(10)) || number_.magnitude + digit < digit) return false;
            number_.magnitude += digit;
            if (exponent) --*exponent;
        }
        return true;
    }

    bool power_of_ten() {
        rest_.remove_prefix(1);
        int power = 0;
        for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1)) {
            power = power * 10 + (rest_.front() - '0');
            if (power > max_exponent) return false;
        }
        exponent_ += power;
        return true;
    }

    Number with_unit(std::string_view name) {
        Word factor(1);
        if (!name.empty()) {
            const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == name; });
            if (unit == units.end())
                return fail(
                    fmt::format("`{}` is not a unit: wei, gwei, ether, seconds, minutes, hours, days or weeks", name));
            factor = Word(unit->factor);
        }
        if (!multiply(number_.magnitude, factor)) return fail("the number is too large");
        for (; exponent_ > 0; --exponent_)
            if (!multiply(number_.magnitude, Word(10))) return fail("the number is too large");
        for (; exponent_ < 0; ++exponent_) {
            if (!(number_.magnitude % Word(10)).is_zero()) return fail("this is not a whole number");
            number_.magnitude /= Word(10);
        }
        return number_;
    }

    std::string_view rest_;
    Number number_;
    int exponent_ = 0;
};

Parsed wrong(std::string error) { return {std::nullopt, std::move(error)}; }

Parsed parse_integer(const ir::Type& type, std::string_view text) {
    const Number number = NumberReader(text).read();
    const std::string name = ir::abi_name(type);
    if (!number.error.empty()) return wrong(fmt::format("expected {}: {}", name, number.error));
    const bool is_signed = type.kind == ir::TypeKind::Int;
    const unsigned value_bits = is_signed ? type.bits - 1u : type.bits;
    // Only one negative number has a magnitude that needs all n bits: -2^(n-1).
    const Word magnitude = number.negative && !number.magnitude.is_zero() ? number.magnitude - Word(1) : number.magnitude;
    if (number.negative && !is_signed && !number.magnitude.is_zero())
        return wrong(fmt::format("expected {}: it cannot be negative", name));
    if (vm::bit_length(magnitude) > value_bits)
        return wrong(fmt::format("expected {}: `{}` is out of range", name, trim(text)));
    return {number.negative ? -number.magnitude : number.magnitude, {}};
}

Parsed parse_enum(const ir::Type& type, std::string_view text) {
    const Number number = NumberReader(text).read();
    if (!number.error.empty() || number.negative || number.magnitude >= Word(type.members))
        return wrong(fmt::format("expected the number of an enum value, 0 to {}", type.members - 1));
    return {number.magnitude, {}};
}

Parsed parse_bool(std::string_view text) {
    if (text == "true") return {Word(1), {}};
    if (text == "false") return {Word(0), {}};
    return wrong("expected bool: true or false");
}

Parsed parse_fixed_bytes(const ir::Type& type, std::string_view text) {
    const auto bytes = text.starts_with("0x") ? vm::parse_hex(text) : std::nullopt;
    if (!bytes || bytes->size() != type.bits / 8u)
        return wrong(fmt::format("expected {}: 0x and {} hexadecimal digits", ir::abi_name(type), type.bits / 4));
    return {vm::word_from_big_endian(*bytes) << (256u - type.bits), {}};
}

// Parses plain text, or a quoted string with the escapes of quotes, backslashes, line ends, tabs and bytes (`\xNN`).
Parsed parse_string(std::string_view text) {
    if (!text.starts_with('"')) return {vm::Bytes(text.begin(), text.end()), {}};
    vm::Bytes bytes;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            if (i + 1 == text.size()) return {std::move(bytes), {}};
            return wrong("expected string: nothing may follow the closing quote");
        }
        if (text[i] != '\\') {
            bytes.push_back(static_cast<std::uint8_t>(text[i]));
            continue;
        }
        constexpr std::string_view letters = "\"\\ntr", meanings = "\"\\\n\t\r";
        const char escape = ++i < text.size() ? text[i] : '\0';
        if (const auto at = letters.find(escape); at != std::string_view::npos) {
            bytes.push_back(static_cast<std::uint8_t>(meanings[at]));
        } else if (const auto byte = escape == 'x' ? vm::parse_hex(text.substr(i + 1, 2)) : std::nullopt;
                   byte && byte->size() == 1) {
            bytes.push_back(byte->front());
            i += 2;
        } else {
            return wrong("expected string: unknown escape sequence");
        }
    }
    return wrong("expected string: the closing quote is missing");
}

std::string quoted(const vm::Bytes& bytes) {
    std::string text = "\"";
    for (const std::uint8_t byte : bytes) {
        if (byte == '"' || byte == '\\') text += fmt::format("\\{}", static_cast<char>(byte));
        else if (byte == '\n') text += "\\n";
        else if (byte < 0x20 || byte == 0x7f) text += fmt::format("\\x{:02x}", byte);
        else text += static_cast<char>(byte);
    }
    return text + "\"";
}

}  // namespace

Parsed parse_value(const ir::Type& type, std::string_view text) {
    switch (type.kind) {
        case ir::TypeKind::Bool: return parse_bool(trim(text));
        case ir::TypeKind::Uint:
        case ir::TypeKind::Int: return parse_integer(type, text);
        case ir::TypeKind::Enum: return parse_enum(type, text);
        case ir::TypeKind::FixedBytes: return parse_fixed_bytes(type, trim(text));
        case ir::TypeKind::String: return parse_string(text);
        case ir::TypeKind::Address:
            if (const auto address = vm::parse_address(trim(text))) return {vm::to_word(*address), {}};
            return wrong("expected address: 0x and 40 hexadecimal digits");
        case ir::TypeKind::Bytes:
            if (auto bytes = vm::parse_hex(trim(text))) return {std::move(*bytes), {}};
            return wrong("expected bytes: 0x and an even number of hexadecimal digits");
        case ir::TypeKind::Integer:
        case ir::TypeKind::Data: break;
    }
    return wrong("a specification's number has no ABI form");
}

std::string format_value(const ir::Type& type, const Value& value) {
    if (const vm::Bytes* bytes = std::get_if<vm::Bytes>(&value))
        return type.kind == ir::TypeKind::String ? quoted(*bytes) : vm::to_hex(vm::ByteView(*bytes));
    const Word& word = std::get<Word>(value);
    switch (type.kind) {
        case ir::TypeKind::Bool: return word.is_zero() ? "false" : "true";
        case ir::TypeKind::Address: return vm::to_hex(vm::ByteView(vm::to_address(word)));
        case ir::TypeKind::FixedBytes: return vm::to_hex(vm::ByteView(vm::to_big_endian(word)).first(type.bits / 8u));
        case ir::TypeKind::Int: return word.is_negative() ? "-" + vm::to_decimal(-word) : vm::to_decimal(word);
        default: return vm::to_decimal(word);
    }
}

}  // namespace interlock::lang::abi
