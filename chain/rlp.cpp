#include "chain/rlp.hpp"

#include <cassert>
#include <utility>

namespace interlock::chain::rlp {

namespace {

constexpr std::uint8_t string_base = 0x80, list_base = 0xc0;
constexpr std::size_t max_short = 55;  // for a longer payload the prefix holds its length

// The prefix of a payload: base + length, or base + 55 + (number of length bytes), followed by the length.
struct Prefix {
    std::array<std::uint8_t, 9> bytes;
    std::size_t size;
};

Prefix prefix_of(std::uint8_t base, std::size_t payload_bytes) {
    if (payload_bytes <= max_short) return {{static_cast<std::uint8_t>(base + payload_bytes)}, 1};
    Prefix prefix{{}, 1};
    const auto length_bytes = vm::byte_length(Word(payload_bytes));
    prefix.bytes[0] = static_cast<std::uint8_t>(base + max_short + length_bytes);
    for (unsigned i = length_bytes; i-- > 0;)
        prefix.bytes[prefix.size++] = static_cast<std::uint8_t>(payload_bytes >> (8 * i));
    return prefix;
}

}  // namespace

Encoder& Encoder::string(ByteView bytes) {
    if (bytes.size() == 1 && bytes[0] < string_base) return raw(bytes);
    if (bytes.size() <= max_short) {
        out_.push_back(static_cast<std::uint8_t>(string_base + bytes.size()));
        return raw(bytes);
    }
    const Prefix prefix = prefix_of(string_base, bytes.size());
    return raw(ByteView(prefix.bytes).first(prefix.size)).raw(bytes);
}

Encoder& Encoder::number(const Word& value) {
    const auto big_endian = vm::to_big_endian(value);
    return string(ByteView(big_endian).last(vm::byte_length(value)));
}

Encoder& Encoder::raw(ByteView encoded) {
    out_.insert(out_.end(), encoded.begin(), encoded.end());
    return *this;
}

Encoder& Encoder::open() {
    open_.push_back(out_.size());
    return *this;
}

Encoder& Encoder::close() {
    assert(!open_.empty());
    const auto start = static_cast<std::ptrdiff_t>(open_.back());
    open_.pop_back();
    const Prefix prefix = prefix_of(list_base, out_.size() - static_cast<std::size_t>(start));
    out_.insert(out_.begin() + start, prefix.bytes.begin(), prefix.bytes.begin() + static_cast<std::ptrdiff_t>(prefix.size));
    return *this;
}

Encoder& Encoder::cut(std::size_t bytes) {
    assert(open_.empty() || open_.back() <= bytes);
    out_.resize(bytes);
    return *this;
}

Encoder& Encoder::reserve(std::size_t bytes) {
    out_.reserve(bytes);
    return *this;
}

Bytes Encoder::take() {
    assert(open_.empty());
    return std::exchange(out_, {});
}

std::string_view name_of(Error error) {
    switch (error) {
        case Error::None: return "no error";
        case Error::Truncated: return "the input ends within an item";
        case Error::TrailingBytes: return "bytes follow the item";
        case Error::NotCanonical: return "an item is not written in the shortest way";
        case Error::TooDeep: return "lists are nested too deeply";
        case Error::TooLarge: return "the input is too large";
        case Error::TooManyItems: return "there are too many items";
    }
    return "unknown";
}

namespace {

class Decoder {
  public:
    Error item(ByteView& input, Item& out, std::size_t depth) {
        if (++items_ > max_items) return Error::TooManyItems;
        Span span;
        if (const Error error = measure(input, span); error != Error::None) return error;
        out.encoded = input.first(span.prefix + span.payload);
        const ByteView payload = out.encoded.subspan(span.prefix);
        input = input.subspan(out.encoded.size());
        if (!span.is_list) {
            out.content = payload;
            return Error::None;
        }
        return items(payload, out.content.emplace<std::vector<Item>>(), depth + 1);
    }

  private:
    std::size_t items_ = 0;

    struct Span {
        bool is_list = false;
        std::size_t prefix = 0, payload = 0;  // bytes
    };

    Error items(ByteView payload, std::vector<Item>& out, std::size_t depth) {
        if (depth > max_depth) return Error::TooDeep;
        while (!payload.empty())
            if (const Error error = item(payload, out.emplace_back(), depth); error != Error::None) return error;
        return Error::None;
    }

    static Error measure(ByteView input, Span& out) {
        if (input.empty()) return Error::Truncated;
        const std::uint8_t head = input[0];
        if (head < string_base) {
            out = {false, 0, 1};
            return Error::None;
        }
        out.is_list = head >= list_base;
        const std::size_t length = head - (out.is_list ? list_base : string_base);
        if (const Error error = length <= max_short ? measure_short(length, out) : measure_long(input, length, out);
            error != Error::None)
            return error;
        if (out.payload > input.size() - out.prefix) return Error::Truncated;
        const bool needless_prefix = !out.is_list && out.payload == 1 && input[1] < string_base;
        return needless_prefix ? Error::NotCanonical : Error::None;
    }

    static Error measure_short(std::size_t length, Span& out) {
        out.prefix = 1;
        out.payload = length;
        return Error::None;
    }

    static Error measure_long(ByteView input, std::size_t length, Span& out) {
        const std::size_t length_bytes = length - max_short;  // 1 to 8
        if (input.size() < 1 + length_bytes) return Error::Truncated;
        if (input[1] == 0) return Error::NotCanonical;
        std::uint64_t payload = 0;
        for (const std::uint8_t byte : input.subspan(1, length_bytes)) payload = payload << 8 | byte;
        if (payload <= max_short) return Error::NotCanonical;
        out.prefix = 1 + length_bytes;
        out.payload = payload;
        return Error::None;
    }
};

}  // namespace

Decoded decode(ByteView input) {
    if (input.size() > max_input_bytes) return {Error::TooLarge, {}};
    Decoded result;
    result.error = Decoder{}.item(input, result.item, 0);
    if (result.ok() && !input.empty()) result.error = Error::TrailingBytes;
    return result;
}

std::optional<Word> as_number(const Item& item) {
    if (item.is_list()) return std::nullopt;
    const ByteView bytes = item.string();
    if (bytes.size() > 32 || (!bytes.empty() && bytes[0] == 0)) return std::nullopt;
    return vm::word_from_big_endian(bytes);
}

std::optional<std::uint64_t> as_u64(const Item& item) {
    const auto number = as_number(item);
    return number && number->fits_u64() ? std::optional(number->low64()) : std::nullopt;
}

}  // namespace interlock::chain::rlp
