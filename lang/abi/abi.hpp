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

// What is sent to call a function: its selector, then its arguments. No selector for receive and fallback, which take
// none of either. The second form is for arguments that are encoded already.
[[nodiscard]] vm::Bytes call_data(std::uint32_t selector, const std::vector<Value>& arguments = {});
[[nodiscard]] vm::Bytes call_data(std::uint32_t selector, vm::ByteView encoded_arguments);
[[nodiscard]] vm::Bytes call_data(const ir::Function& function, const std::vector<Value>& arguments = {});

// Strict: out-of-range values, bad offsets and lengths give std::nullopt. Trailing bytes are allowed, as solc allows them.
[[nodiscard]] std::optional<std::vector<Value>> decode(const std::vector<ir::NamedType>& types, vm::ByteView data);

// "1ether", "0x12…", "true", "-5", "\"text\"" or plain text for string, hex for bytes. The error says what was expected.
struct Parsed {
    std::optional<Value> value;
    std::string error;
};
[[nodiscard]] Parsed parse_value(const ir::Type& type, std::string_view text);

[[nodiscard]] std::string format_value(const ir::Type& type, const Value& value);  // decimal, "true", "0x…", quoted string

}  // namespace interlock::lang::abi
