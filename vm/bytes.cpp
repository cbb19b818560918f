// Hexadecimal text to and from bytes.
#include "vm/bytes.hpp"

#include <algorithm>

namespace interlock::vm {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::optional<std::uint8_t> digit_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
    return std::nullopt;
}

template <class Fixed>
std::optional<Fixed> parse_fixed(std::string_view text) {
    const std::optional<Bytes> parsed = parse_hex(text);
    if (!parsed || parsed->size() != Fixed::size) return std::nullopt;
    Fixed value;
    std::copy(parsed->begin(), parsed->end(), value.bytes.begin());
    return value;
}

}  // namespace

std::string to_hex(ByteView bytes) {
    std::string text = "0x";
    text.reserve(2 + 2 * bytes.size());
    for (const std::uint8_t byte : bytes) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::optional<Bytes> parse_hex(std::string_view text) {
    if (text.starts_with("0x")) text.remove_prefix(2);
    if (text.size() % 2 != 0) return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto high = digit_value(text[i]), low = digit_value(text[i + 1]);
        if (!high || !low) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
    }
    return bytes;
}

std::optional<Address> parse_address(std::string_view text) { return parse_fixed<Address>(text); }
std::optional<Hash> parse_hash(std::string_view text) { return parse_fixed<Hash>(text); }

}  // namespace interlock::vm
