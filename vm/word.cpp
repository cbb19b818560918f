// Conversion of words to and from bytes and text.
#include "vm/word.hpp"

#include <algorithm>
#include <cassert>

namespace interlock::vm {
namespace {

// The largest power of ten in a limb: decimal text is written and read 19 digits at a time.
constexpr std::uint64_t ten_to_19 = 10'000'000'000'000'000'000ULL;

std::uint64_t in_big_endian(std::uint64_t limb) {
    return std::endian::native == std::endian::little ? __builtin_bswap64(limb) : limb;
}
std::uint32_t in_big_endian(std::uint32_t half) {
    return std::endian::native == std::endian::little ? __builtin_bswap32(half) : half;
}

template <class Number = std::uint64_t>
Number load_big_endian(const std::uint8_t* bytes) {
    Number number;
    std::memcpy(&number, bytes, sizeof number);
    return in_big_endian(number);
}

void store_big_endian(std::uint64_t limb, std::uint8_t* bytes) {
    limb = in_big_endian(limb);
    std::memcpy(bytes, &limb, 8);
}

std::optional<Word> parse_decimal(std::string_view digits) {
    Word value;
    for (const char c : digits) {
        if (c < '0' || c > '9') return std::nullopt;
        const limbs::Limbs<8> scaled = limbs::multiply_wide(value.limbs, Word{10}.limbs);
        const limbs::Sum256 sum =
            limbs::add({scaled[0], scaled[1], scaled[2], scaled[3]}, Word{static_cast<std::uint64_t>(c - '0')}.limbs);
        if (scaled[4] != 0 || sum.carry) return std::nullopt;
        value = Word{sum.value};
    }
    return value;
}

std::optional<Word> parse_hexadecimal(std::string_view digits) {
    Word value;
    for (const char c : digits) {
        std::uint64_t digit;
        if (c >= '0' && c <= '9') digit = static_cast<std::uint64_t>(c - '0');
        else if (c >= 'a' && c <= 'f') digit = static_cast<std::uint64_t>(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F') digit = static_cast<std::uint64_t>(c - 'A' + 10);
        else return std::nullopt;
        if (value.limbs[3] >> 60) return std::nullopt;
        value = (value << 4) | Word{digit};
    }
    return value;
}

}  // namespace

Word word_from_big_endian(ByteView bytes) {
    assert(bytes.size() <= 32);
    std::array<std::uint8_t, 32> padded{};
    std::copy(bytes.begin(), bytes.end(), padded.end() - static_cast<std::ptrdiff_t>(bytes.size()));
    return to_word(Hash{padded});
}

std::array<std::uint8_t, 32> to_big_endian(const Word& word) {
    std::array<std::uint8_t, 32> bytes;
    for (std::size_t i = 0; i < 4; ++i) store_big_endian(word.limbs[3 - i], bytes.data() + 8 * i);
    return bytes;
}

Word to_word(const Address& address) {
    const std::uint8_t* const bytes = address.bytes.data();
    return {0, load_big_endian<std::uint32_t>(bytes), load_big_endian(bytes + 4), load_big_endian(bytes + 12)};
}

Word to_word(const Hash& hash) {
    const std::uint8_t* const bytes = hash.bytes.data();
    return {load_big_endian(bytes), load_big_endian(bytes + 8), load_big_endian(bytes + 16), load_big_endian(bytes + 24)};
}

// Sixteen bytes are stored at once, because code that copies an address reads sixteen bytes, and a load that is wider
// than the store it reads waits until the store has left the processor's queue.
Address to_address(const Word& word) {
    using TwoLanes [[gnu::vector_size(16)]] = std::uint64_t;
    const std::uint64_t low = word.limbs[0], middle = word.limbs[1], high = word.limbs[2];
    const TwoLanes first = {in_big_endian(high << 32 | middle >> 32), in_big_endian(middle << 32 | low >> 32)};
    const std::uint32_t last = in_big_endian(static_cast<std::uint32_t>(low));
    Address address;
    std::memcpy(address.bytes.data(), &first, sizeof first);
    std::memcpy(address.bytes.data() + sizeof first, &last, sizeof last);
    return address;
}

Hash to_hash(const Word& word) { return Hash{to_big_endian(word)}; }

std::string to_decimal(const Word& word) {
    std::string reversed;
    Word rest = word;
    do {
        const limbs::Division<4> division = limbs::divide(rest.limbs, Word{ten_to_19}.limbs);
        rest = Word{division.quotient};
        std::uint64_t group = division.remainder[0];
        for (int i = 0; i < 19 && (!rest.is_zero() || group != 0); ++i, group /= 10)
            reversed += static_cast<char>('0' + group % 10);
    } while (!rest.is_zero());
    if (reversed.empty()) return "0";
    return {reversed.rbegin(), reversed.rend()};
}

std::string to_hex(const Word& word) {
    const std::string padded = to_hex(ByteView{to_big_endian(word)}).substr(2);
    const std::size_t first = padded.find_first_not_of('0');
    return "0x" + (first == std::string::npos ? "0" : padded.substr(first));
}

std::optional<Word> parse_word(std::string_view text) {
    const bool hexadecimal = text.starts_with("0x");
    if (hexadecimal) text.remove_prefix(2);
    if (text.empty()) return std::nullopt;
    return hexadecimal ? parse_hexadecimal(text) : parse_decimal(text);
}

}  // namespace interlock::vm
