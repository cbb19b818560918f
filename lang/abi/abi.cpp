// The contract ABI's binary form. (Solidity documentation, "Contract ABI Specification".)
//
// Every type here takes one word in the head: a value, or the offset of a byte string's length and bytes.
#include "lang/abi/abi.hpp"

#include <algorithm>
#include <cassert>

#include "lang/abi/words.hpp"
#include "vm/keccak.hpp"

namespace interlock::lang::abi {

using vm::Word;

namespace {

std::size_t padded(std::size_t bytes) { return (bytes + word_bytes - 1) / word_bytes * word_bytes; }

// Returns whether a word from outside is a value of the type, without dirty high bits or undefined enum values.
bool is_clean(const ir::Type& type, const Word& word) {
    switch (type.kind) {
        case ir::TypeKind::Bool: return word <= Word(1);
        case ir::TypeKind::Uint: return vm::bit_length(word) <= type.bits;
        case ir::TypeKind::Int: return vm::sign_extend(word, Word(type.bits / 8u - 1)) == word;
        case ir::TypeKind::Address: return vm::bit_length(word) <= 160;
        case ir::TypeKind::FixedBytes: return (word << type.bits).is_zero();
        case ir::TypeKind::Enum: return word < Word(type.members);
        default: return false;
    }
}

std::optional<vm::Bytes> decode_bytes(vm::ByteView data, const Word& offset) {
    if (!offset.fits_u64() || offset.low64() > data.size() || data.size() - offset.low64() < word_bytes) return std::nullopt;
    const vm::ByteView rest = data.subspan(offset.low64());
    const Word length = vm::word_from_big_endian(rest.first(word_bytes));
    if (length > Word(rest.size() - word_bytes)) return std::nullopt;
    const vm::ByteView bytes = rest.subspan(word_bytes, length.low64());
    return vm::Bytes(bytes.begin(), bytes.end());
}

}  // namespace

std::uint32_t selector(std::string_view signature) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(signature.data());
    const vm::Hash hash = vm::keccak256({first, signature.size()});
    return std::uint32_t{hash.bytes[0]} << 24 | std::uint32_t{hash.bytes[1]} << 16 | std::uint32_t{hash.bytes[2]} << 8 |
           hash.bytes[3];
}

namespace {

// Each value's variant says whether it is a word or bytes.
vm::Bytes encode_values(const std::vector<Value>& values) {
    vm::Bytes head, tail;
    for (const Value& value : values) {
        if (const Word* word = std::get_if<Word>(&value)) {
            append(head, *word);
            continue;
        }
        const vm::Bytes& bytes = std::get<vm::Bytes>(value);
        append(head, Word(values.size() * word_bytes + tail.size()));
        append(tail, Word(bytes.size()));
        tail.insert(tail.end(), bytes.begin(), bytes.end());
        tail.resize(padded(tail.size()));
    }
    head.insert(head.end(), tail.begin(), tail.end());
    return head;
}

}  // namespace

vm::Bytes encode([[maybe_unused]] const std::vector<ir::NamedType>& types, const std::vector<Value>& values) {
    assert(types.size() == values.size());
    return encode_values(values);
}

vm::Bytes call_data(std::uint32_t selector, vm::ByteView encoded_arguments) {
    vm::Bytes data;
    data.reserve(4 + encoded_arguments.size());
    for (int shift = 24; shift >= 0; shift -= 8) data.push_back(static_cast<std::uint8_t>(selector >> shift));
    data.insert(data.end(), encoded_arguments.begin(), encoded_arguments.end());
    return data;
}

vm::Bytes call_data(std::uint32_t selector, const std::vector<Value>& arguments) {
    return call_data(selector, vm::ByteView(encode_values(arguments)));
}

vm::Bytes call_data(const ir::Function& function, const std::vector<Value>& arguments) {
    if (function.kind == ir::FunctionKind::Receive || function.kind == ir::FunctionKind::Fallback) return {};
    assert(function.parameters.size() == arguments.size());
    return call_data(function.selector, arguments);
}

std::optional<std::vector<Value>> decode(const std::vector<ir::NamedType>& types, vm::ByteView data) {
    if (data.size() < types.size() * word_bytes) return std::nullopt;
    std::vector<Value> values;
    values.reserve(types.size());
    for (std::size_t i = 0; i < types.size(); ++i) {
        const Word word = vm::word_from_big_endian(data.subspan(i * word_bytes, word_bytes));
        if (types[i].type.kind == ir::TypeKind::Data) return std::nullopt;
        if (types[i].type.is_reference()) {
            auto bytes = decode_bytes(data, word);
            if (!bytes) return std::nullopt;
            values.emplace_back(std::move(*bytes));
        } else {
            if (!is_clean(types[i].type, word)) return std::nullopt;
            values.emplace_back(word);
        }
    }
    return values;
}

}  // namespace interlock::lang::abi
