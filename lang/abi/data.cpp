// Heads and tails of the contract ABI. (Solidity documentation, "Formal Specification of the Encoding".)
#include "lang/abi/data.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>

#include "lang/abi/words.hpp"

namespace interlock::lang::abi {

using vm::Word;
using Kind = DataType::Kind;

namespace {

constexpr std::size_t max_nesting = 32;          // of types
constexpr std::size_t max_head_bytes = 1 << 20;  // of a fixed array; longer ones are neither drawn, printed nor encoded

// --- types from their names ---

class TypeReader {
  public:
    explicit TypeReader(std::string_view text) : rest_(text) {}

    std::optional<std::vector<DataType>> list() {
        if (!take('(')) return std::nullopt;
        std::vector<DataType> types;
        if (take(')')) return types;
        do {
            std::optional<DataType> type = one();
            if (!type) return std::nullopt;
            types.push_back(std::move(*type));
        } while (take(','));
        if (!take(')')) return std::nullopt;
        return types;
    }

    std::optional<DataType> one() {
        if (++depth_ > max_nesting) return std::nullopt;
        std::optional<DataType> type = rest_.starts_with('(') ? structure() : word();
        while (type && take('[')) type = array_of(std::move(*type));
        --depth_;
        return type;
    }

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

  private:
    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::optional<DataType> structure() {
        auto fields = list();
        if (!fields) return std::nullopt;
        return DataType{Kind::Struct, {}, std::move(*fields), 0};
    }

    std::optional<DataType> array_of(DataType element) {
        DataType type{Kind::Array, {}, {}, 0};
        if (!rest_.starts_with(']')) {
            const char* const end = rest_.data() + rest_.size();
            const auto [behind, error] = std::from_chars(rest_.data(), end, type.length);
            if (error != std::errc{} || type.length == 0) return std::nullopt;
            if (type.length > max_head_bytes / std::max<std::size_t>(1, element.head_bytes())) return std::nullopt;
            rest_.remove_prefix(static_cast<std::size_t>(behind - rest_.data()));
            type.kind = Kind::FixedArray;
        }
        if (!take(']')) return std::nullopt;
        type.parts.push_back(std::move(element));
        return type;
    }

    std::optional<DataType> word() {
        const std::size_t length = std::min(rest_.find_first_of("[],()"), rest_.size());
        const std::string_view name = rest_.substr(0, length);
        rest_.remove_prefix(length);
        if (name == "bytes") return DataType{Kind::Bytes, ir::bytes_type, {}, 0};
        if (name == "string") return DataType{Kind::Bytes, ir::string_type, {}, 0};
        const std::optional<ir::Type> type = value_type(name);
        if (!type) return std::nullopt;
        return DataType{Kind::Word, *type, {}, 0};
    }

    static std::optional<ir::Type> value_type(std::string_view name) {
        if (name == "bool") return ir::bool_type;
        if (name == "address") return ir::address_type;
        if (name == "function") return ir::Type{ir::TypeKind::FixedBytes, 24 * 8};
        struct Family {
            std::string_view name;
            ir::TypeKind kind;
            unsigned step;  // in bits
        };
        for (const Family& family : {Family{"uint", ir::TypeKind::Uint, 1}, Family{"int", ir::TypeKind::Int, 1},
                                     Family{"bytes", ir::TypeKind::FixedBytes, 8}}) {
            if (!name.starts_with(family.name)) continue;
            const std::string_view digits = name.substr(family.name.size());
            unsigned bits = 0;
            const auto [behind, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
            const bool is_number = error == std::errc{} && behind == digits.data() + digits.size();
            bits *= family.step;
            if (!is_number || bits == 0 || bits % 8 != 0 || bits > 256) return std::nullopt;
            return ir::Type{family.kind, static_cast<std::uint16_t>(bits)};
        }
        return std::nullopt;
    }

    std::string_view rest_;
    std::size_t depth_ = 0;
};

// --- encoding ---

vm::Bytes encode_one(const DataType& type, const Data& value);

// `type_at(i)` returns the type of value number i.
template <class TypeAt>
vm::Bytes encode_all(const std::vector<Data>& values, TypeAt type_at) {
    std::size_t heads = 0;
    for (std::size_t i = 0; i < values.size(); ++i) heads += type_at(i).is_dynamic() ? word_bytes : type_at(i).head_bytes();
    vm::Bytes head, tail;
    head.reserve(heads);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (type_at(i).kind == Kind::Word) {
            append(head, values[i].word());
            continue;
        }
        const vm::Bytes encoded = encode_one(type_at(i), values[i]);
        if (!type_at(i).is_dynamic()) {
            append(head, encoded);
            continue;
        }
        append(head, Word(heads + tail.size()));
        append(tail, encoded);
    }
    append(head, tail);
    return head;
}

vm::Bytes encode_one(const DataType& type, const Data& value) {
    vm::Bytes out;
    switch (type.kind) {
        case Kind::Word: append(out, value.word()); return out;
        case Kind::Bytes:
            append(out, Word(value.bytes().size()));
            append(out, vm::ByteView(value.bytes()));
            out.resize((out.size() + word_bytes - 1) / word_bytes * word_bytes);
            return out;
        case Kind::Array: append(out, Word(value.list().size())); [[fallthrough]];
        case Kind::FixedArray:
            append(out, encode_all(value.list(), [&](std::size_t) -> const DataType& { return type.parts.front(); }));
            return out;
        case Kind::Struct:
            assert(value.list().size() == type.parts.size());
            return encode_all(value.list(), [&](std::size_t i) -> const DataType& { return type.parts[i]; });
    }
    return out;
}

// --- decoding ---

class Decoder {
  public:
    // Decodes values whose heads follow each other from the start of `frame`.
    template <class TypeAt>
    std::optional<std::vector<Data>> all(vm::ByteView frame, std::size_t count, TypeAt type_at) {
        std::vector<Data> values;
        std::size_t at = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const DataType& type = type_at(i);
            const std::size_t head = type.is_dynamic() ? word_bytes : type.head_bytes();
            if (frame.size() - at < head) return std::nullopt;
            vm::ByteView place = frame.subspan(at);
            if (type.is_dynamic()) {
                const Word offset = vm::word_from_big_endian(place.first(word_bytes));
                if (offset > Word(frame.size())) return std::nullopt;
                place = frame.subspan(offset.low64());
            }
            std::optional<Data> value = one(type, place);
            if (!value) return std::nullopt;
            values.push_back(std::move(*value));
            at += head;
        }
        return values;
    }

  private:
    std::optional<Data> one(const DataType& type, vm::ByteView place) {
        if (++decoded_ > max_decoded) return std::nullopt;
        switch (type.kind) {
            case Kind::Word: {
                // For a single word, the flat decoder checks whether it is a value of the type.
                const auto values = decode(std::vector<ir::NamedType>{{"", type.value}}, place.first(word_bytes));
                if (!values) return std::nullopt;
                return Data(std::get<Word>(values->front()));
            }
            case Kind::Bytes: {
                const std::optional<std::size_t> length = length_at(place, 1);
                if (!length) return std::nullopt;
                const vm::ByteView bytes = place.subspan(word_bytes, *length);
                return Data(vm::Bytes(bytes.begin(), bytes.end()));
            }
            case Kind::Array: {
                const DataType& element = type.parts.front();
                const std::optional<std::size_t> length =
                    length_at(place, element.is_dynamic() ? word_bytes : std::max<std::size_t>(1, element.head_bytes()));
                if (!length) return std::nullopt;
                return list(place.subspan(word_bytes), *length, [&](std::size_t) -> const DataType& { return element; });
            }
            case Kind::FixedArray:
                return list(place, type.length, [&](std::size_t) -> const DataType& { return type.parts.front(); });
            case Kind::Struct:
                return list(place, type.parts.size(), [&](std::size_t i) -> const DataType& { return type.parts[i]; });
        }
        return std::nullopt;
    }

    template <class TypeAt>
    std::optional<Data> list(vm::ByteView frame, std::size_t count, TypeAt type_at) {
        std::optional<std::vector<Data>> values = all(frame, count, type_at);
        if (!values) return std::nullopt;
        return Data(std::move(*values));
    }

    // Reads a length of elements that take `unit` bytes each; that many bytes must follow.
    static std::optional<std::size_t> length_at(vm::ByteView place, std::size_t unit) {
        if (place.size() < word_bytes) return std::nullopt;
        const Word length = vm::word_from_big_endian(place.first(word_bytes));
        if (length > Word((place.size() - word_bytes) / unit)) return std::nullopt;
        return length.low64();
    }

    std::size_t decoded_ = 0;
};

}  // namespace

bool DataType::is_dynamic() const {
    if (kind == Kind::Bytes || kind == Kind::Array) return true;
    return std::ranges::any_of(parts, &DataType::is_dynamic);
}

std::size_t DataType::head_bytes() const {
    if (kind == Kind::FixedArray) return length * parts.front().head_bytes();
    if (kind != Kind::Struct) return word_bytes;
    std::size_t bytes = 0;
    for (const DataType& part : parts) bytes += part.head_bytes();
    return bytes;
}

std::optional<DataType> data_type(std::string_view name) {
    TypeReader reader(name);
    std::optional<DataType> type = reader.one();
    return type && reader.at_end() ? type : std::nullopt;
}

std::optional<DataType> data_type(const ir::NamedType& type) {
    // An enum has the ABI name "uint8" but fewer values.
    if (type.type.kind != ir::TypeKind::Data && type.data.empty())
        return DataType{type.type.is_reference() ? Kind::Bytes : Kind::Word, type.type, {}, 0};
    return data_type(std::string_view(ir::abi_name(type)));
}

std::optional<std::vector<DataType>> data_types(const std::vector<ir::NamedType>& types) {
    std::vector<DataType> made;
    made.reserve(types.size());
    for (const ir::NamedType& each : types) {
        std::optional<DataType> type = data_type(each);
        if (!type) return std::nullopt;
        made.push_back(std::move(*type));
    }
    return made;
}

std::optional<std::vector<DataType>> parameter_types(std::string_view signature) {
    TypeReader reader(signature.substr(std::min(signature.find('('), signature.size())));
    auto types = reader.list();
    return types && reader.at_end() ? types : std::nullopt;
}

vm::Bytes encode(const std::vector<DataType>& types, const std::vector<Data>& values) {
    assert(types.size() == values.size());
    return encode_all(values, [&](std::size_t i) -> const DataType& { return types[i]; });
}

std::optional<std::vector<Data>> decode(const std::vector<DataType>& types, vm::ByteView data) {
    return Decoder().all(data, types.size(), [&](std::size_t i) -> const DataType& { return types[i]; });
}

std::string format(const DataType& type, const Data& value) {
    if (type.kind == Kind::Word) return format_value(type.value, value.word());
    if (type.kind == Kind::Bytes) return format_value(type.value, value.bytes());
    std::string text;
    for (std::size_t i = 0; i < value.list().size(); ++i)
        text += (i ? ", " : "") + format(type.kind == Kind::Struct ? type.parts[i] : type.parts.front(), value.list()[i]);
    return type.kind == Kind::Struct ? "(" + text + ")" : "[" + text + "]";
}

}  // namespace interlock::lang::abi
