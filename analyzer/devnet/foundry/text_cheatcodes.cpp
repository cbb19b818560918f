// Conversion of values to and from text, and other cheatcodes about text.
#include <algorithm>

#include "analyzer/devnet/foundry/table.hpp"
#include "analyzer/devnet/foundry/texts.hpp"

namespace interlock::analyzer::foundry {

namespace abi = lang::abi;

namespace {

vm::Reply to_text(const Call& call) { return gives(std::string_view(plain_text(call.types[0], call.arguments[0]))); }

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n"), last = text.find_last_not_of(" \t\r\n");
    return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

template <char first, char last, int shift>
vm::Reply change_case(const Call& call) {
    std::string text = call.text(0);
    for (char& c : text)
        if (c >= first && c <= last) c = static_cast<char>(c + shift);
    return gives(std::string_view(text));
}

vm::Reply trim(const Call& call) { return gives(std::string_view(trimmed(call.text(0)))); }

vm::Reply replace(const Call& call) {
    constexpr std::size_t most = 1 << 20;  // bytes
    const std::string text = call.text(0), from = call.text(1), to = call.text(2);
    if (from.empty()) return call.refuse("there is nothing to replace");
    std::string made;
    std::size_t at = 0;
    for (std::size_t next; (next = text.find(from, at)) != std::string::npos && made.size() < most; at = next + from.size())
        made += text.substr(at, next - at) + to;
    if (made.size() >= most) return call.refuse("the text would be too long");
    return gives(std::string_view(made + text.substr(at)));
}

vm::Reply split(const Call& call) {
    const std::string text = call.text(0), by = call.text(1);
    if (by.empty()) return call.refuse("the delimiter is empty");
    std::vector<abi::Data> parts;
    std::size_t at = 0;
    for (std::size_t next; (next = text.find(by, at)) != std::string::npos; at = next + by.size())
        parts.emplace_back(std::string_view(text).substr(at, next - at));
    parts.emplace_back(std::string_view(text).substr(at));
    return gives("(string[])", {abi::Data(parts)});
}

vm::Reply index_of(const Call& call) {
    const std::size_t at = call.text(0).find(call.text(1));
    return gives(at == std::string::npos ? ~vm::Word{} : vm::Word(at));
}

vm::Reply contains(const Call& call) { return gives(vm::Word(call.text(0).find(call.text(1)) != std::string::npos)); }

// `type` is the type of the value that the text holds.
vm::Reply parse(const Call& call, std::string_view type) {
    const abi::DataType wanted = abi::data_type(type).value();
    const abi::Parsed parsed = abi::parse_value(wanted.value, trimmed(call.text(0)));
    if (!parsed.value) return call.refuse(parsed.error);
    if (wanted.kind == abi::DataType::Kind::Bytes) return gives(std::get<vm::Bytes>(*parsed.value));
    return gives(std::get<vm::Word>(*parsed.value));
}

vm::Reply parse_uint(const Call& call) { return parse(call, "uint256"); }
vm::Reply parse_int(const Call& call) { return parse(call, "int256"); }
vm::Reply parse_bool(const Call& call) { return parse(call, "bool"); }
vm::Reply parse_address(const Call& call) { return parse(call, "address"); }
vm::Reply parse_bytes(const Call& call) { return parse(call, "bytes"); }
vm::Reply parse_bytes32(const Call& call) { return parse(call, "bytes32"); }

// RFC 4648, sections 4 and 5.
std::string base64(const vm::Bytes& bytes, bool is_for_urls) {
    const std::string letters =
        std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") + (is_for_urls ? "-_" : "+/");
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (i + j < bytes.size() ? bytes[i + j] : 0u);
        const std::size_t used = std::min<std::size_t>(3, bytes.size() - i) + 1;
        for (std::size_t j = 0; j < 4; ++j) text += j < used ? letters[group >> (18 - 6 * j) & 63] : '=';
    }
    return text;
}

vm::Reply to_base64(const Call& call) { return gives(std::string_view(base64(call.bytes(0), false))); }
vm::Reply to_base64_url(const Call& call) { return gives(std::string_view(base64(call.bytes(0), true))); }

}  // namespace

Cheatcodes text_cheatcodes() {
    return {
        {"toString(address)", to_text},
        {"toString(bytes)", to_text},
        {"toString(bytes32)", to_text},
        {"toString(bool)", to_text},
        {"toString(uint256)", to_text},
        {"toString(int256)", to_text},
        {"parseUint(string)", parse_uint},
        {"parseInt(string)", parse_int},
        {"parseBool(string)", parse_bool},
        {"parseAddress(string)", parse_address},
        {"parseBytes(string)", parse_bytes},
        {"parseBytes32(string)", parse_bytes32},
        {"toLowercase(string)", change_case<'A', 'Z', 'a' - 'A'>},
        {"toUppercase(string)", change_case<'a', 'z', 'A' - 'a'>},
        {"trim(string)", trim},
        {"replace(string,string,string)", replace},
        {"split(string,string)", split},
        {"indexOf(string,string)", index_of},
        {"contains(string,string)", contains},
        {"toBase64(bytes)", to_base64},
        {"toBase64(string)", to_base64},
        {"toBase64URL(bytes)", to_base64_url},
        {"toBase64URL(string)", to_base64_url},
    };
}

}  // namespace interlock::analyzer::foundry
