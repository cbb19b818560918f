// Values of documents as values of the contract ABI.
#pragma once

#include "analyzer/devnet/foundry/document.hpp"
#include "lang/abi/data.hpp"

namespace interlock::analyzer::foundry {

// A value with its inferred type: a number is a word; "0x…" is an address if it has 20 bytes, a word if it has 32,
// otherwise bytes; an object is a struct whose fields are sorted by name.
struct TypedData {
    lang::abi::DataType type;
    lang::abi::Data data;
};

// Returns the value, or why it has none.
[[nodiscard]] std::variant<TypedData, std::string> infer(const Document& document);
[[nodiscard]] std::variant<lang::abi::Data, std::string> value_as(const lang::abi::DataType& type, const Document& document);

// Returns the value as serialize…() writes it, with large numbers as texts.
[[nodiscard]] Document document_of(const lang::abi::DataType& type, const lang::abi::Data& data);

}  // namespace interlock::analyzer::foundry
