#include "analyzer/devnet/foundry/document_values.hpp"

#include <algorithm>
#include <charconv>

#include "analyzer/devnet/foundry/texts.hpp"

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;
using vm::Word;
using Kind = Document::Kind;

namespace {

using Inferred = std::variant<TypedData, std::string>;

abi::DataType word_type() { return abi::data_type("uint256").value(); }
abi::DataType bytes_type() { return abi::data_type("bytes").value(); }

// Expands "12", "-5", "1e18", "1.50e3". Returns std::nullopt if it is not an integer or has more digits than a word.
std::optional<std::string> whole_number(std::string_view text) {
    constexpr std::int64_t most_digits = 80;
    const bool is_negative = text.starts_with('-');
    if (is_negative) text.remove_prefix(1);
    const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
    std::string digits(text.substr(0, mark));
    std::int64_t exponent = 0;
    if (mark < text.size()) {
        std::string_view power = text.substr(mark + 1);
        if (power.starts_with('+')) power.remove_prefix(1);
        const auto [end, error] = std::from_chars(power.data(), power.data() + power.size(), exponent);
        if (error != std::errc{} || end != power.data() + power.size()) return std::nullopt;
    }
    if (const std::size_t point = digits.find('.'); point != std::string::npos) {
        exponent -= static_cast<std::int64_t>(digits.size() - point - 1);
        digits.erase(point, 1);
    }
    for (; exponent < 0 && digits.size() > 1 && digits.back() == '0'; ++exponent) digits.pop_back();
    if (digits.find_first_not_of('0') == std::string::npos) return "0";
    if (exponent < 0 || exponent + static_cast<std::int64_t>(digits.size()) > most_digits) return std::nullopt;
    return (is_negative ? "-" : "") + digits + std::string(static_cast<std::size_t>(exponent), '0');
}

Inferred infer_number(const std::string& text) {
    const std::string problem = "unsupported number: " + text;
    const auto digits = text.starts_with("0x") ? text : whole_number(text);
    if (!digits) return problem;
    const abi::DataType type = abi::data_type(digits->starts_with('-') ? "int256" : "uint256").value();
    const abi::Parsed parsed = abi::parse_value(type.value, *digits);
    if (!parsed.value) return problem;
    return TypedData{word_type(), std::get<Word>(*parsed.value)};
}

TypedData infer_text(const std::string& text) {
    if (text.starts_with("0x")) {
        const std::string digits = text.substr(2);
        if (const auto bytes = vm::parse_hex((digits.size() % 2 == 0 ? "" : "0") + digits)) {
            if (bytes->size() == 20 || bytes->size() == 32) return {word_type(), vm::word_from_big_endian(*bytes)};
            return {bytes_type(), *bytes};
        }
    }
    return {bytes_type(), abi::Data(std::string_view(text))};
}

Inferred infer_list(const Document& list) {
    abi::DataType element = word_type();
    std::vector<abi::Data> values;
    for (const Document& each : list.elements) {
        Inferred made = infer(each);
        if (std::holds_alternative<std::string>(made)) return made;
        TypedData& typed = std::get<TypedData>(made);
        if (!values.empty() && typed.type != element) return "a list has values of different types";
        element = typed.type;
        values.push_back(std::move(typed.data));
    }
    return TypedData{{.kind = abi::DataType::Kind::Array, .parts = {element}}, values};
}

Inferred infer_object(const Document& object) {
    abi::DataType type{.kind = abi::DataType::Kind::Struct};
    std::vector<abi::Data> values;
    std::vector<std::string> sorted = object.keys;
    std::ranges::sort(sorted);
    for (const std::string& key : sorted) {
        Inferred made = infer(*object.find(key));
        if (std::holds_alternative<std::string>(made)) return made;
        type.parts.push_back(std::get<TypedData>(made).type);
        values.push_back(std::move(std::get<TypedData>(made).data));
    }
    return TypedData{type, values};
}

std::variant<abi::Data, std::string> list_as(const abi::DataType& type, const Document& document) {
    if (document.kind != Kind::List) return "expected a list";
    std::vector<abi::Data> values;
    for (const Document& each : document.elements) {
        auto made = value_as(type.parts.front(), each);
        if (std::holds_alternative<std::string>(made)) return made;
        values.push_back(std::move(std::get<abi::Data>(made)));
    }
    return abi::Data(std::move(values));
}

}  // namespace

Inferred infer(const Document& document) {
    switch (document.kind) {
        case Kind::Null: return TypedData{word_type(), Word{}};
        case Kind::Flag: return TypedData{word_type(), Word(document.text == "true" ? 1 : 0)};
        case Kind::Number: return infer_number(document.text);
        case Kind::Text: return infer_text(document.text);
        case Kind::List: return infer_list(document);
        case Kind::Object: break;
    }
    return infer_object(document);
}

std::variant<abi::Data, std::string> value_as(const abi::DataType& type, const Document& document) {
    if (type.kind == abi::DataType::Kind::Array) return list_as(type, document);
    if (document.kind == Kind::List) return "it is a list";
    if (document.kind == Kind::Object) return "it is an object";
    if (document.kind == Kind::Null) return "it is null";
    const bool is_text = type.kind == abi::DataType::Kind::Bytes && type.value.kind == lang::ir::TypeKind::String;
    if (is_text) return abi::Data(std::string_view(document.text));
    const bool is_number = document.kind == Kind::Number && !document.text.starts_with("0x");
    const abi::Parsed parsed =
        abi::parse_value(type.value, is_number ? whole_number(document.text).value_or(document.text) : document.text);
    if (!parsed.value) return "`" + document.text + "` cannot be parsed: " + parsed.error;
    if (const auto* const word = std::get_if<Word>(&*parsed.value)) return abi::Data(*word);
    return abi::Data(std::get<vm::Bytes>(*parsed.value));
}

Document document_of(const abi::DataType& type, const abi::Data& data) {
    if (type.kind == abi::DataType::Kind::Array) {
        Document list{Kind::List, {}, {}, {}};
        for (const abi::Data& each : data.list()) list.elements.push_back(document_of(type.parts.front(), each));
        return list;
    }
    const std::string text = plain_text(type, data);
    if (type.kind == abi::DataType::Kind::Bytes) return {Kind::Text, text, {}, {}};
    switch (type.value.kind) {
        case lang::ir::TypeKind::Bool: return {Kind::Flag, text, {}, {}};
        case lang::ir::TypeKind::Uint:
        case lang::ir::TypeKind::Int: {
            const bool is_negative = text.starts_with('-');
            const Word size = is_negative ? -data.word() : data.word();
            return {size.fits_u64() && (!is_negative || size <= Word{1} << 63) ? Kind::Number : Kind::Text, text, {}, {}};
        }
        default: return {Kind::Text, text, {}, {}};
    }
}

}  // namespace interlock::analyzer::foundry
