// Values of every type of the contract ABI, including arrays and structs; lang/abi/abi.hpp handles only words and byte
// strings.
//
//     const auto types = abi::parameter_types("swap(address,(uint256,bytes)[])");
//     const auto values = abi::decode(*types, call_data.subspan(4));
//     (*values)[1].list()[0].list()[1].bytes()
#pragma once

#include "lang/abi/abi.hpp"

namespace interlock::lang::abi {

struct DataType {
    enum class Kind : std::uint8_t { Word, Bytes /* and string */, Array, FixedArray, Struct };
    Kind kind = Kind::Word;
    ir::Type value;               // the type of a Word or Bytes
    std::vector<DataType> parts;  // array: the element's type; Struct: the fields' types
    std::size_t length = 0;       // FixedArray

    [[nodiscard]] bool is_dynamic() const;         // whether its head is an offset
    [[nodiscard]] std::size_t head_bytes() const;  // size of the value if it is static, otherwise of its offset
    friend bool operator==(const DataType&, const DataType&) = default;
};

struct Data {
    std::variant<vm::Word, vm::Bytes, std::vector<Data>> content;

    Data() = default;
    Data(vm::Word word) : content(word) {}                                         // NOLINT: a word is a value
    Data(vm::Bytes bytes) : content(std::move(bytes)) {}                           // NOLINT
    Data(std::vector<Data> elements) : content(std::move(elements)) {}             // NOLINT: of an array or a struct
    Data(const vm::Address& address) : content(vm::to_word(address)) {}            // NOLINT
    Data(std::string_view text) : content(vm::Bytes(text.begin(), text.end())) {}  // NOLINT

    [[nodiscard]] const vm::Word& word() const { return std::get<vm::Word>(content); }
    [[nodiscard]] const vm::Bytes& bytes() const { return std::get<vm::Bytes>(content); }
    [[nodiscard]] const std::vector<Data>& list() const { return std::get<std::vector<Data>>(content); }
    [[nodiscard]] std::vector<Data>& list() { return std::get<std::vector<Data>>(content); }
    friend bool operator==(const Data&, const Data&) = default;
};

// Parses "uint256", "bytes32[3][]", "(address,bytes)[]". Returns std::nullopt if the ABI has no such type.
[[nodiscard]] std::optional<DataType> data_type(std::string_view name);
// Returns std::nullopt for a fixed array that is too long to handle.
[[nodiscard]] std::optional<DataType> data_type(const ir::NamedType& type);
[[nodiscard]] std::optional<std::vector<DataType>> data_types(const std::vector<ir::NamedType>& types);

// Returns the types in "name(type,…)", or std::nullopt if the text is not a signature.
[[nodiscard]] std::optional<std::vector<DataType>> parameter_types(std::string_view signature);

[[nodiscard]] vm::Bytes encode(const std::vector<DataType>& types, const std::vector<Data>& values);

// Decodes as strictly as the other decode(). A length or offset that leads outside gives std::nullopt. So do more than
// `max_decoded` values, which a few bytes can ask for when lists share their elements.
inline constexpr std::size_t max_decoded = std::size_t{1} << 20;
[[nodiscard]] std::optional<std::vector<Data>> decode(const std::vector<DataType>& types, vm::ByteView data);

// Formats a value: "7", "\"text\"", "[1, 2]", "(0x…, true)".
[[nodiscard]] std::string format(const DataType& type, const Data& value);

}  // namespace interlock::lang::abi
