// The contract ABI: selectors, encoding and strict decoding of arguments; values from and to text.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lang/ir/ir.hpp"
#include "vm/bytes.hpp"

namespace interlock::lang::abi {

// A word (numbers, bool, address, bytesN left-aligned, enum) or a byte string (bytes, string).
using Value = std::variant<vm::Word, vm::Bytes>;

[[nodiscard]] std::uint32_t selector(std::string_view signature);  // first four bytes of keccak("transfer(address,uint256)")

[[nodiscard]] vm::Bytes encode(const std::vector<ir::NamedType>& types, const std::vector<Value>& values);

// Returns the call data of a function call: the selector, then the arguments. There is no selector for receive and
// fallback, which also take no arguments. The second form takes encoded arguments.
[[nodiscard]] vm::Bytes call_data(std::uint32_t selector, const std::vector<Value>& arguments = {});
[[nodiscard]] vm::Bytes call_data(std::uint32_t selector, vm::ByteView encoded_arguments);
[[nodiscard]] vm::Bytes call_data(const ir::Function& function, const std::vector<Value>& arguments = {});

// Decodes strictly: out-of-range values, bad offsets and bad lengths give std::nullopt. Trailing bytes are allowed, as
// in solc.
[[nodiscard]] std::optional<std::vector<Value>> decode(const std::vector<ir::NamedType>& types, vm::ByteView data);

// Parses "1ether", "0x12…", "true", "-5", "\"text\"" or plain text for a string, hex for bytes. The error says what was
// expected.
struct Parsed {
    std::optional<Value> value;
    std::string error;
};
[[nodiscard]] Parsed parse_value(const ir::Type& type, std::string_view text);

[[nodiscard]] std::string format_value(const ir::Type& type, const Value& value);  // decimal, "true", "0x…", quoted string

}  // namespace interlock::lang::abi
