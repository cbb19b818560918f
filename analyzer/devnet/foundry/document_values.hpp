// Values of documents as values of the contract ABI.
#pragma once

#include "analyzer/devnet/foundry/document.hpp"
#include "lang/abi/data.hpp"

namespace interlock::analyzer::foundry {

// A value with the type that it is given: numbers are words; "0x…" is an address where it has 20 bytes, a word where it
// has 32, else bytes; objects are structs whose fields are sorted by their names.
struct TypedData {
    lang::abi::DataType type;
    lang::abi::Data data;
};

// The value, or why it has none.
[[nodiscard]] std::variant<TypedData, std::string> infer(const Document& document);
[[nodiscard]] std::variant<lang::abi::Data, std::string> value_as(const lang::abi::DataType& type, const Document& document);

// As serialize…() writes it: large numbers as texts.
[[nodiscard]] Document document_of(const lang::abi::DataType& type, const lang::abi::Data& data);

}  // namespace interlock::analyzer::foundry
