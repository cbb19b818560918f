// Recursive Length Prefix: the encoding of everything that is hashed or sent. (Yellow Paper, appendix B.)
//
// Decoding is strict: every item has exactly one valid encoding. The input is hostile, so its size and nesting are bounded.
#pragma once

#include <variant>

#include "vm/bytes.hpp"
#include "vm/word.hpp"

namespace interlock::chain::rlp {

using vm::Bytes, vm::ByteView, vm::Word;

// Appends items to one buffer; a list is opened, filled and closed.
//
//     Encoder rlp;
//     rlp.open().number(nonce).string(address).close();
//     send(rlp.take());
class Encoder {
  public:
    Encoder& string(ByteView bytes);
    Encoder& number(const Word& value);  // big-endian without leading zeros; zero is the empty string
    Encoder& raw(ByteView encoded);      // appends an encoded item as it is
    Encoder& open();
    Encoder& close();
    [[nodiscard]] Bytes take();  // every list must be closed

    // These two let a caller write several pieces into one buffer: read what has been written, and truncate it to `bytes`.
    [[nodiscard]] ByteView written() const { return out_; }
    Encoder& cut(std::size_t bytes);
    Encoder& reserve(std::size_t bytes);  // makes room in advance

  private:
    Bytes out_;
    std::vector<std::size_t> open_;  // where the payload of each open list starts
};

inline constexpr std::size_t max_input_bytes = std::size_t{32} << 20;
inline constexpr std::size_t max_items = 1'000'000;  // includes lists; a decoded item takes about fifty bytes
inline constexpr std::size_t max_depth = 256;        // of nested lists

enum class Error : std::uint8_t {
    None,
    Truncated,
    TrailingBytes,
    NotCanonical,
    TooDeep,
    TooLarge,
    TooManyItems,
};
[[nodiscard]] std::string_view name_of(Error);

// A decoded item. Its views point into the input.
struct Item {
    std::variant<ByteView, std::vector<Item>> content;
    ByteView encoded;  // the item with its prefix

    [[nodiscard]] bool is_list() const { return content.index() == 1; }
    [[nodiscard]] ByteView string() const { return std::get<0>(content); }
    [[nodiscard]] const std::vector<Item>& list() const { return std::get<1>(content); }
};

struct Decoded {
    Error error = Error::None;  // unless None, the item is meaningless
    Item item;
    [[nodiscard]] bool ok() const { return error == Error::None; }
};

// Decodes an input that consists of exactly one item.
[[nodiscard]] Decoded decode(ByteView input);

// Returns the number that a string encodes: at most 32 bytes without a leading zero. Returns std::nullopt for a list or
// any other string.
[[nodiscard]] std::optional<Word> as_number(const Item&);
[[nodiscard]] std::optional<std::uint64_t> as_u64(const Item&);

}  // namespace interlock::chain::rlp
