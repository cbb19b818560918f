// The ABI: encodes values from any location, decodes strictly, and encodes packed without heads.
#include "lang/lower/contract.hpp"
#include "lang/lower/data_builder.hpp"

namespace interlock::lang::lowering {

using vm::all_ones;
using vm::Word;
using enum vm::Opcode;

// --- encoding ---
ir::Value DataBuilder::encode(const std::vector<Datum>& values, ir::Value start) {
    Word heads;
    for (const Datum& each : values) heads += data::head_bytes(program_, each.type);
    ir::Value tail = add(start, word(heads));
    Word at;
    for (const Datum& each : values) {
        const ir::Value head = at.is_zero() ? start : add(start, word(at));
        at += data::head_bytes(program_, each.type);
        if (each.value) {
            mstore(head, raw(each.value));
        } else if (each.text) {
            mstore(head, sub(tail, start));
            mstore(tail, word(each.text->size()));
            put_text(*each.text, add(tail, 32));
            tail = add(tail, 32 + (each.text->size() + 31) / 32 * 32);
        } else if (data::is_dynamically_encoded(program_, each.type)) {
            mstore(head, sub(tail, start));
            tail = encode_reference(each.reference, tail);
        } else {
            (void)encode_reference(each.reference, head);
        }
    }
    return tail;
}

// Nothing is read any more, so what few words take may lie over everything below the memory that is reserved.
ir::Value DataBuilder::last_memory(const std::vector<Datum>& values, std::uint64_t prefix) {
    constexpr std::uint64_t reserved = 0x80;
    std::uint64_t bytes = prefix;
    for (const Datum& each : values) {
        bytes += 32;
        if (each.text) bytes += 32 + (each.text->size() + 31) / 32 * 32;
        else if (!each.value) return free_memory();
        if (bytes > reserved) return free_memory();
    }
    return word(0);
}

ir::Value DataBuilder::encode_reference(const Reference& from, ir::Value at) {
    Words arguments = words_of(from);
    arguments.push_back(at);
    return call_one("encode " + name_of(from), arguments, [from](DataBuilder& m, const Words& in) -> Words {
        const Reference source = with_words(from, {in.begin(), in.end() - 1});
        if (m.is_bytes(from.type)) return {m.encode_bytes(source, in.back(), true, true)};
        return {m.is_struct(from.type) ? m.encode_fields(source, in.back()) : m.encode_elements(source, in.back())};
    });
}

// Writes the bytes of a text, followed by zeros up to the end of a word.
void DataBuilder::put_text(std::string_view text, ir::Value at) {
    vm::Bytes padded(text.begin(), text.end());
    padded.resize((text.size() + 31) / 32 * 32);
    for (std::size_t i = 0; i < padded.size(); i += 32) {
        const ir::Value part = word(vm::word_from_big_endian(vm::ByteView(padded).subspan(i, 32)));
        mstore(add(at, i), part);
    }
}

// Writes the bytes followed by a zero word, and returns the end.
ir::Value DataBuilder::encode_bytes(const Reference& from, ir::Value at, bool with_length, bool padded) {
    const ir::Value size = length(from);
    if (with_length) mstore(at, size);
    const ir::Value first = with_length ? add(at, 32) : at;
    switch (from.location) {
        case DataLocation::Calldata: effect(CALLDATACOPY, {first, from.address, size}); break;
        case DataLocation::Memory: effect(MCOPY, {first, add(from.address, 32), size}); break;
        default: {
            const ir::Value head = sload(from.address);
            if_else(
                less(size, word(32)), [&] { mstore(first, bit_and(head, word(~Word{0xff}))); },
                [&] {
                    const ir::Value slots = hash_of_slot(from.address);
                    const ir::Value end = div(add(size, 31), 32);
                    count(word(0), end, [&](ir::Value i) {
                        const ir::Value part = sload(add(slots, i));
                        mstore(add(first, mul(i, Word{32})), part);
                    });
                });
        }
    }
    const ir::Value end = add(first, size);
    mstore(end, word(0));
    return padded ? add(first, round_up(size)) : end;
}

ir::Value DataBuilder::encode_elements(const Reference& from, ir::Value at) {
    const TypeId element_type = program_[from.type].value;
    const ir::Value size = length(from);
    if (has_length(from.type)) mstore(at, size);
    const ir::Value first = has_length(from.type) ? add(at, 32) : at;
    if (fills_words(element_type) && from.location == DataLocation::Calldata) {
        if (has_length(from.type)) require(negation(greater(size, word(all_ones >> 5))));
        const ir::Value bytes = mul(size, Word{32});
        effect(CALLDATACOPY, {first, from.address, bytes});
        return add(first, bytes);
    }
    if (fills_words(element_type) && from.location == DataLocation::Memory) {
        const ir::Value bytes = mul(size, Word{32});
        effect(MCOPY, {first, has_length(from.type) ? add(from.address, 32) : from.address, bytes});
        return add(first, bytes);
    }
    if (!data::is_dynamically_encoded(program_, element_type)) {
        const Word stride = data::head_bytes(program_, element_type);
        count(word(0), size, [&](ir::Value i) {
            const ir::Value place = add(first, mul(i, stride));
            (void)encode({datum(element(from, i))}, place);
        });
        return add(first, mul(size, stride));
    }
    const Local tail = variable(add(first, mul(size, Word{32})));
    count(word(0), size, [&](ir::Value i) {
        const ir::Value offset = sub(builder.read(tail), first);
        mstore(add(first, mul(i, Word{32})), offset);
        const ir::Value place = builder.read(tail);
        builder.write(tail, encode_reference(resolve(element(from, i)), place));
    });
    return builder.read(tail);
}

ir::Value DataBuilder::encode_fields(const Reference& from, ir::Value at) {
    Word heads;
    const std::size_t count = data::fields(program_, from.type).size();
    for (const VariableId each : data::fields(program_, from.type)) heads += data::head_bytes(program_, program_[each].type);
    ir::Value tail = add(at, word(heads));
    Word offset;
    for (std::size_t i = 0; i < count; ++i) {
        const Datum part = datum(field(from, i));
        const ir::Value head = offset.is_zero() ? at : add(at, word(offset));
        offset += data::head_bytes(program_, part.type);
        if (part.value) {
            mstore(head, raw(part.value));
        } else if (data::is_dynamically_encoded(program_, part.type)) {
            mstore(head, sub(tail, at));
            tail = encode_reference(part.reference, tail);
        } else {
            (void)encode_reference(part.reference, head);
        }
    }
    return tail;
}

ir::Value DataBuilder::encode_packed(const std::vector<Datum>& values, ir::Value start, bool padded) {
    ir::Value at = start;
    for (const Datum& each : values) at = pack(each, at, padded);
    return at;
}

// Inside arrays and structs every part is padded to whole words.
ir::Value DataBuilder::pack(const Datum& from, ir::Value at, bool padded) {
    if (from.value) {
        const ir::Type type = builder.type_of(from.value);
        const bool is_left = type.kind == ir::TypeKind::FixedBytes || type.bits == 256 || padded;
        const ir::Value room = is_left ? ir::Value{} : word(256u - type.bits);
        mstore(at, is_left ? raw(from.value) : shl(raw(from.value), room));
        return add(at, padded ? 32 : type.bits / 8u);
    }
    if (from.text) {
        put_text(*from.text, at);
        return add(at, padded ? (from.text->size() + 31) / 32 * 32 : from.text->size());
    }
    Words arguments = words_of(from.reference);
    arguments.push_back(at);
    const Reference like = from.reference;
    return call_one((padded ? "pack padded " : "pack ") + name_of(like), arguments,
                    [like, padded](DataBuilder& m, const Words& in) -> Words {
                        const Reference source = with_words(like, {in.begin(), in.end() - 1});
                        if (m.is_bytes(like.type)) return {m.encode_bytes(source, in.back(), false, padded)};
                        const Local end = m.variable(in.back());
                        const auto append = [&](const Reference& part) {
                            const ir::Value place = m.builder.read(end);
                            m.builder.write(end, m.pack(m.datum(part), place, true));
                        };
                        if (m.is_struct(like.type)) {
                            for (std::size_t i = 0; i < data::fields(m.program_, like.type).size(); ++i)
                                append(m.field(source, i));
                        } else {
                            const ir::Value length = m.length(source);
                            m.count(m.word(0), length, [&](ir::Value i) { append(m.element(source, i)); });
                        }
                        return {m.builder.read(end)};
                    });
}

// Makes a fresh byte string in memory: its length, then the encoding.
ir::Value DataBuilder::bytes_of_encoding(const std::vector<Datum>& values, ir::Value selector, bool packed) {
    const ir::Value start = free_memory();
    ir::Value first = add(start, 32);
    if (selector) {
        mstore(first, selector);
        first = add(first, 4);
    }
    const ir::Value end = packed ? encode_packed(values, first) : encode(values, first);
    mstore(start, sub(end, add(start, 32)));
    set_free_memory(add(start, round_up(sub(end, start))));
    return start;
}

// --- decoding ---
ir::Value DataBuilder::fetch(ir::Value at, DataLocation from) {
    return from == DataLocation::Calldata ? calldataload(at) : mload(at);
}

// Reverts where the input ends too early, unless it then reads as zeros.
void DataBuilder::require_input(ir::Value condition, DataLocation from) {
    if (from == DataLocation::Calldata && contract_.contract().conventions.input_is_padded) return;
    require(condition);
}

std::vector<Datum> DataBuilder::decode(const std::vector<TypeId>& types, ir::Value start, ir::Value end, DataLocation from) {
    Word heads;
    for (const TypeId each : types) heads += data::head_bytes(program_, each);
    if (!heads.is_zero()) {
        const ir::Value least = word(heads);
        require_input(negation(less_signed(sub(end, start), least)), from);
    }
    std::vector<Datum> values;
    Word at;
    for (const TypeId type : types) {
        const ir::Value head = at.is_zero() ? start : add(start, word(at));
        at += data::head_bytes(program_, type);
        if (is_value(type)) {
            values.push_back({type, validated(fetch(head, from), type), {}});
            continue;
        }
        ir::Value place = head;
        if (data::is_dynamically_encoded(program_, type)) {
            const ir::Value offset = fetch(head, from);
            require_input(negation(greater(offset, word(largest_u64))), from);
            place = add(start, offset);
        }
        const bool stays = program_[type].location == DataLocation::Calldata && from == DataLocation::Calldata;
        values.push_back({type,
                          {},
                          stays ? calldata_reference(place, end, type)
                                : Reference{DataLocation::Memory, type, decode_to_memory(type, place, end, from), {}, {}}});
    }
    return values;
}

// Decodes a part at `at` of data that begins at `base`, and returns the word for its cell in memory.
ir::Value DataBuilder::decode_part(TypeId type, ir::Value base, ir::Value at, ir::Value end, DataLocation from) {
    if (is_value(type)) return raw(validated(fetch(at, from), type));
    if (!data::is_dynamically_encoded(program_, type)) return decode_to_memory(type, at, end, from);
    const ir::Value offset = fetch(at, from);
    require_input(negation(greater(offset, word(largest_u64))), from);
    return decode_to_memory(type, add(base, offset), end, from);
}

ir::Value DataBuilder::decode_to_memory(TypeId type, ir::Value offset, ir::Value end, DataLocation from) {
    const std::string where = from == DataLocation::Calldata ? " from calldata" : " from memory";
    return call_one("decode " + name_of(type) + where, {offset, end},
                    [type, from](DataBuilder& m, const Words& in) -> Words {
                        const ir::Value offset = in[0], end = in[1];
                        if (m.has_length(type)) {
                            m.require_input(m.less_signed(m.add(offset, 31), end), from);
                            const ir::Value length = m.fetch(offset, from);
                            return {m.decode_elements(type, m.add(offset, 32), length, end, from)};
                        }
                        if (m.is_array(type)) {
                            m.require_input(m.less_signed(m.add(offset, 31), end), from);
                            return {m.decode_elements(type, offset, m.word(m.program_[type].length), end, from)};
                        }
                        const ir::Value least = m.word(data::tail_bytes(m.program_, type));
                        m.require_input(m.negation(m.less_signed(m.sub(end, offset), least)), from);
                        const auto& fields = data::fields(m.program_, type);
                        const ir::Value start = m.allocate(m.word(32 * fields.size()));
                        Word at;
                        for (std::size_t i = 0; i < fields.size(); ++i) {
                            const TypeId part = m.program_[fields[i]].type;
                            const ir::Value place = at.is_zero() ? offset : m.add(offset, m.word(at));
                            const ir::Value decoded = m.decode_part(part, offset, place, end, from);
                            m.mstore(m.add(start, 32 * i), decoded);
                            at += data::head_bytes(m.program_, part);
                        }
                        return {start};
                    });
}

// Decodes `length` elements or bytes from `first` on.
ir::Value DataBuilder::decode_elements(TypeId type, ir::Value first, ir::Value length, ir::Value end, DataLocation from) {
    const std::string where = from == DataLocation::Calldata ? " from calldata" : " from memory";
    return call_one("decode elements of " + name_of(type) + where, {first, length, end},
                    [type, from](DataBuilder& m, const Words& in) -> Words {
                        const ir::Value first = in[0], length = m.checked_length(in[1]), end = in[2];
                        const bool has_length = m.has_length(type);
                        const ir::Value bytes = m.is_bytes(type) ? m.round_up(length) : m.mul(length, Word{32});
                        const ir::Value start = m.allocate(m.add(bytes, has_length ? 32 : 0));
                        if (has_length) m.mstore(start, length);
                        const ir::Value target = m.add(start, has_length ? 32 : 0);
                        const TypeId element = m.is_bytes(type) ? type : m.program_[type].value;
                        const Word stride = m.is_bytes(type) ? Word{1} : data::head_bytes(m.program_, element);
                        m.require_input(m.negation(m.greater(m.add(first, m.mul(length, stride)), end)), from);
                        if (m.is_bytes(type) || m.fills_words(element)) {
                            const ir::Value size = m.mul(length, stride);
                            m.effect(from == DataLocation::Calldata ? CALLDATACOPY : MCOPY, {target, first, size});
                            if (m.is_bytes(type)) {
                                const ir::Value zero = m.word(0);
                                m.mstore(m.add(target, length), zero);
                            }
                            return {start};
                        }
                        m.count(m.word(0), length, [&](ir::Value i) {
                            const ir::Value place = m.add(first, m.mul(i, stride));
                            const ir::Value decoded = m.decode_part(element, first, place, end, from);
                            m.mstore(m.add(target, m.mul(i, Word{32})), decoded);
                        });
                        return {start};
                    });
}

// Returns a reference into call data; only its size is checked.
Reference DataBuilder::calldata_reference(ir::Value offset, ir::Value end, TypeId type) {
    Reference part{DataLocation::Calldata, type, offset, {}, {}};
    if (is_struct(type)) {
        const ir::Value least = word(data::tail_bytes(program_, type));
        require_input(negation(less_signed(sub(end, offset), least)), DataLocation::Calldata);
        return part;
    }
    const Word stride = is_bytes(type) ? Word{1} : data::head_bytes(program_, program_[type].value);
    if (!has_length(type)) {
        require_input(negation(greater(add(offset, word(program_[type].length * stride)), end)), DataLocation::Calldata);
        return part;
    }
    require_input(less_signed(add(offset, 31), end), DataLocation::Calldata);
    part.length = calldataload(offset);
    require(negation(greater(part.length, word(largest_u64))));
    part.address = add(offset, 32);
    require_input(negation(greater(add(part.address, mul(part.length, stride)), end)), DataLocation::Calldata);
    return part;
}

}  // namespace interlock::lang::lowering
