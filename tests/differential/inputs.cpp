#include "tests/differential/inputs.hpp"

#include <algorithm>

#include "lang/abi/abi.hpp"

namespace interlock::differential {

using nlohmann::json;
using vm::Bytes;
using vm::Word;

namespace {

constexpr std::size_t word_bytes = 32, selector_bytes = 4;

void append(Bytes& to, const Bytes& from) { to.insert(to.end(), from.begin(), from.end()); }

Bytes bytes_of(const Word& word) {
    const auto bytes = vm::to_big_endian(word);
    return {bytes.begin(), bytes.end()};
}

// "uint8[3][]" without its last brackets, and what stands in them; nothing in them: -1.
struct ArrayType {
    std::string element;
    int length;
};
std::optional<ArrayType> array_type(const std::string& type) {
    if (type.empty() || type.back() != ']') return std::nullopt;
    const std::size_t open = type.rfind('[');
    const std::string length = type.substr(open + 1, type.size() - open - 2);
    return ArrayType{type.substr(0, open), length.empty() ? -1 : std::stoi(length)};
}

bool is_dynamic(const json& parameter, const std::string& type) {
    if (const auto array = array_type(type)) return array->length < 0 || is_dynamic(parameter, array->element);
    if (type == "bytes" || type == "string") return true;
    if (type != "tuple") return false;
    const json& components = parameter.at("components");
    return std::any_of(components.begin(), components.end(),
                       [](const json& part) { return is_dynamic(part, part.at("type").get<std::string>()); });
}

// Heads, then tails; offsets count from the first head. (Solidity documentation, "Contract ABI Specification".)
Bytes assemble(const std::vector<std::pair<bool, Bytes>>& parts) {
    std::size_t head_bytes = 0;
    for (const auto& [dynamic, bytes] : parts) head_bytes += dynamic ? word_bytes : bytes.size();
    Bytes heads, tails;
    for (const auto& [dynamic, bytes] : parts) {
        append(heads, dynamic ? bytes_of(Word(head_bytes + tails.size())) : bytes);
        if (dynamic) append(tails, bytes);
    }
    append(heads, tails);
    return heads;
}

std::string canonical(const json& parameter, const std::string& type) {
    if (type.rfind("tuple", 0) != 0) return type;
    std::string text = "(";
    for (const json& part : parameter.at("components"))
        text += (text.size() > 1 ? "," : "") + canonical(part, part.at("type").get<std::string>());
    return text + ")" + type.substr(5);
}

std::string signature(const json& function) {
    std::string text;
    for (const json& parameter : function.at("inputs"))
        text += (text.empty() ? "" : ",") + canonical(parameter, parameter.at("type").get<std::string>());
    return function.at("name").get<std::string>() + "(" + text + ")";
}

}  // namespace

std::uint64_t Inputs::bits() {
    std::uint64_t word = 0;
    for (int i = 0; i < 4; ++i) word = word << 16 | choose(1u << 16);
    return word;
}

Word Inputs::any_word() {
    Word word;
    for (int i = 0; i < 4; ++i) word = (word << 64) | Word(bits());
    return word;
}

// Mostly small ones, so that indices exist and keys meet; often a boundary of the type or beside it.
Word Inputs::number(unsigned width, bool is_signed) {
    const Word ones = ~Word() >> (256 - width);
    Word word;
    switch (choose(10)) {
        case 0: word = ones; break;
        case 1: word = ones - Word(choose(3)); break;
        case 2: word = Word(1) << (width - 1); break;
        case 3: word = (Word(1) << (width - 1)) - Word(1); break;
        case 4: word = any_word() >> choose(256); break;
        case 5: word = Word(choose(1000)); break;
        default: word = Word(choose(6)); break;
    }
    word = word & ones;
    if (is_signed && width < 256 && !((word >> (width - 1)) & Word(1)).is_zero()) word = word | ~ones;
    return word;
}

Word Inputs::value_of(const std::string& type) {
    const auto digits = [&](std::size_t from) { return static_cast<unsigned>(std::stoul(type.substr(from))); };
    if (type == "bool") return Word(choose(2));
    if (type.rfind("address", 0) == 0) {
        const std::uint32_t which = choose(static_cast<std::uint32_t>(accounts_.size()) + 1);
        return which < accounts_.size() ? vm::to_word(accounts_[which]) : any_word() >> 96;
    }
    if (type.rfind("uint", 0) == 0) return number(digits(4), false);
    if (type.rfind("int", 0) == 0) return number(digits(3), true);
    const unsigned width = 8 * digits(5);  // bytesN
    return number(width, false) << (256 - width);
}

Bytes Inputs::byte_string() {
    static constexpr std::uint32_t lengths[] = {0, 1, 3, 31, 32, 33, 64, 70};
    Bytes bytes(lengths[choose(std::size(lengths))]);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(choose(4) == 0 ? choose(256) : 'a' + choose(26));
    return bytes;
}

Bytes Inputs::encoded(const json& parameter, const std::string& type) {
    if (const auto array = array_type(type)) {
        const std::uint32_t length = array->length < 0 ? choose(5) : static_cast<std::uint32_t>(array->length);
        std::vector<std::pair<bool, Bytes>> parts;
        for (std::uint32_t i = 0; i < length; ++i)
            parts.emplace_back(is_dynamic(parameter, array->element), encoded(parameter, array->element));
        Bytes bytes = array->length < 0 ? bytes_of(Word(length)) : Bytes();
        append(bytes, assemble(parts));
        return bytes;
    }
    if (type == "tuple") return tuple(parameter.at("components"));
    if (type != "bytes" && type != "string") return bytes_of(value_of(type));
    const Bytes content = byte_string();
    Bytes bytes = bytes_of(Word(content.size()));
    append(bytes, content);
    bytes.resize((bytes.size() + word_bytes - 1) / word_bytes * word_bytes);
    return bytes;
}

Bytes Inputs::tuple(const json& parameters) {
    std::vector<std::pair<bool, Bytes>> parts;
    for (const json& parameter : parameters) {
        const auto type = parameter.at("type").get<std::string>();
        parts.emplace_back(is_dynamic(parameter, type), encoded(parameter, type));
    }
    return assemble(parts);
}

void Inputs::spoil(Call& call) {
    call.is_spoilt = true;
    const auto size = static_cast<std::uint32_t>(call.input.size());
    const auto words = static_cast<std::uint32_t>((size - selector_bytes) / word_bytes);
    const std::uint32_t how = choose(words == 0 ? 2 : 5);
    if (how == 0) {
        call.function += " cut off";
        call.input.resize(choose(size + 1));
    } else if (how == 1) {
        call.function += " with more behind it";
        for (std::uint32_t n = 1 + choose(40); n > 0; --n) call.input.push_back(static_cast<std::uint8_t>(choose(256)));
    } else if (how == 2) {
        call.function += " with a changed byte";
        call.input[selector_bytes + choose(size - selector_bytes)] ^= static_cast<std::uint8_t>(1 + choose(255));
    } else {
        call.function += " with a changed word";
        const Bytes word = bytes_of(how == 3 ? Word(choose(2 * size)) : number(256, false));
        std::copy(word.begin(), word.end(),
                  call.input.begin() + selector_bytes + static_cast<std::ptrdiff_t>(word_bytes * choose(words)));
    }
}

Call Inputs::call(const json& function) {
    Call call{signature(function), {}, {}};
    call.input = lang::abi::call_data(lang::abi::selector(call.function));
    append(call.input, tuple(function.at("inputs")));
    const bool is_payable = function.at("stateMutability") == "payable";
    if (choose(is_payable ? 2 : 12) == 0) call.value = Word(choose(4) == 0 ? choose(1u << 30) : choose(10));
    if (choose(8) == 0) spoil(call);
    return call;
}

Call Inputs::call_of_nothing(bool takes_value) {
    Call call{"fallback", {}, {}};
    static constexpr std::uint32_t lengths[] = {0, 0, 3, 4, 36};
    call.input.resize(lengths[choose(std::size(lengths))]);
    for (std::uint8_t& byte : call.input) byte = static_cast<std::uint8_t>(choose(256));
    if (choose(takes_value ? 2 : 6) == 0) call.value = Word(1 + choose(9));
    call.is_spoilt = true;
    return call;
}

std::vector<Call> Inputs::calls(const json& abi, std::size_t each) {
    std::vector<Call> result;
    bool takes_value = false;
    for (const json& entry : abi) {
        const std::string type = entry.at("type");
        takes_value |= type == "receive" || type == "fallback";
        for (std::size_t i = 0; type == "function" && i < each; ++i) result.push_back(call(entry));
    }
    for (std::size_t i = 0; i < (takes_value ? each : each / 2); ++i) result.push_back(call_of_nothing(takes_value));
    for (std::size_t i = result.size(); i > 1; --i) std::swap(result[i - 1], result[choose(static_cast<std::uint32_t>(i))]);
    return result;
}

Bytes Inputs::arguments(const json& abi) {
    for (const json& entry : abi)
        if (entry.at("type") == "constructor") return tuple(entry.at("inputs"));
    return {};
}

}  // namespace interlock::differential
