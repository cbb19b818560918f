// Recursive Length Prefix: how everything that is hashed or sent is written down. (Yellow Paper, appendix B.)
//
// Decoding is strict: one way only to write a thing. Input is hostile, so its size and nesting are bounded.
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
    Encoder& raw(ByteView encoded);      // an item that is encoded already
    Encoder& open();
    Encoder& close();
    [[nodiscard]] Bytes take();  // every list is closed

    // For those who write much into one buffer: what is there, and back to the first `bytes` of it.
    [[nodiscard]] ByteView written() const { return out_; }
    Encoder& cut(std::size_t bytes);

  private:
    Bytes out_;
    std::vector<std::size_t> open_;  // where the payload of each open list starts
};

inline constexpr std::size_t max_input_bytes = std::size_t{32} << 20;
inline constexpr std::size_t max_items = 1'000'000;  // lists included; each takes some fifty bytes when decoded
inline constexpr std::size_t max_depth = 256;        // of lists within lists

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

// A decoded item; views point into the input.
struct Item {
    std::variant<ByteView, std::vector<Item>> content;
    ByteView encoded;  // the item with its prefix

    [[nodiscard]] bool is_list() const { return content.index() == 1; }
    [[nodiscard]] ByteView string() const { return std::get<0>(content); }
    [[nodiscard]] const std::vector<Item>& list() const { return std::get<1>(content); }
};

struct Decoded {
    Error error = Error::None;  // anything else: the item is meaningless
    Item item;
    [[nodiscard]] bool ok() const { return error == Error::None; }
};

// The one item that the input is.
[[nodiscard]] Decoded decode(ByteView input);

// What a string stands for as a number: at most 32 bytes, no leading zero. nullopt: a list, or not such a string.
[[nodiscard]] std::optional<Word> as_number(const Item&);
[[nodiscard]] std::optional<std::uint64_t> as_u64(const Item&);

}  // namespace interlock::chain::rlp
