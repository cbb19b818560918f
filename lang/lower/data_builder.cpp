// Parts of arrays and structs, and values in them.
#include "lang/lower/data_builder.hpp"

#include "lang/lower/contract.hpp"

namespace interlock::lang::lowering {

using vm::all_ones;
using vm::Word;
using enum vm::Opcode;

DataBuilder::DataBuilder(ContractLowering& contract, Builder& builder, SourceRange range)
    : WordBuilder(builder, range), contract_(contract), program_(contract.program) {}

ir::Type DataBuilder::type_of(TypeId type) const { return contract_.types.value_type(type, range); }

std::string DataBuilder::name_of(TypeId type) const { return lang::name_of(program_, program_[type].unlocated); }

std::string DataBuilder::name_of(const Reference& of) const {
    const std::string_view places[] = {"", " in memory", " in storage", " in calldata"};
    return name_of(of.type) + std::string(places[static_cast<std::size_t>(of.location)]);
}

DataBuilder::Words DataBuilder::words_of(const Reference& of) {
    Words words{of.address};
    if (of.length) words.push_back(of.length);
    return words;
}

Reference DataBuilder::with_words(Reference like, const Words& words) {
    like.address = words.front();
    like.length = like.length ? words.at(1) : ir::Value{};
    like.offset = {};
    like.is_cell = like.is_byte = false;
    return like;
}

DataBuilder::Words DataBuilder::call(const std::string& name, std::size_t results, const Words& arguments,
                                     const Body& body) {
    return call(contract_.routines.routine(name, arguments.size(), results, range, body), arguments);
}

DataBuilder::Words DataBuilder::call(std::uint32_t routine, const Words& arguments) {
    return builder.call(routine, arguments, contract_.functions.head(routine).returns, range);
}

// --- values ---
bool DataBuilder::fills_words(TypeId type) const {
    const Type& t = program_[type];
    return (t.kind == TypeKind::Uint || t.kind == TypeKind::Int || t.kind == TypeKind::FixedBytes) && t.bits == 256;
}

// Cuts off the bits that the type does not have; does not check enums.
ir::Value DataBuilder::clean(ir::Value dirty, const ir::Type& type) {
    switch (type.kind) {
        case ir::TypeKind::Bool: return evm(ISZERO, {evm(ISZERO, {dirty})});
        case ir::TypeKind::Address: return bit_and(dirty, word(all_ones >> 96));
        case ir::TypeKind::Uint: return type.bits == 256 ? dirty : bit_and(dirty, word(all_ones >> (256u - type.bits)));
        case ir::TypeKind::Int: return type.bits == 256 ? dirty : evm(SIGNEXTEND, {word(type.bits / 8u - 1), dirty});
        case ir::TypeKind::FixedBytes:
            return type.bits == 256 ? dirty : bit_and(dirty, word(all_ones << (256u - type.bits)));
        default: return dirty;
    }
}

ir::Value DataBuilder::validated(ir::Value from, TypeId id) {
    const ir::Type type = type_of(id);
    if (contract_.contract().conventions.input_is_masked)
        return cleaned(type.kind == ir::TypeKind::Enum ? bit_and(from, word(0xff)) : from, id);
    if (type.kind == ir::TypeKind::Enum) require(less(from, word(type.members)));
    else if (type.kind == ir::TypeKind::Bool) require(less(from, word(2)));
    else if (!fills_words(id)) require(equal(from, clean(from, type)));
    return as(from, type);
}

ir::Value DataBuilder::load(const Reference& part) {
    const ir::Type type = type_of(part.type);
    switch (part.location) {
        case DataLocation::Calldata:
            if (part.is_byte) return as(clean(calldataload(part.address), type), type);
            return validated(calldataload(part.address), part.type);
        case DataLocation::Storage: {
            ir::Value from = part.is_transient ? tload(part.address) : sload(part.address);
            if (part.offset) from = shr(from, mul(part.offset, Word{8}));
            if (type.kind == ir::TypeKind::FixedBytes)
                return as(type.bits == 256 ? from : shl(from, word(256u - type.bits)), type);
            if (type.kind == ir::TypeKind::Enum || type.kind == ir::TypeKind::Bool) from = bit_and(from, word(0xff));
            return cleaned(from, part.type);
        }
        default: break;
    }
    if (part.is_byte) return as(clean(mload(part.address), type), type);
    return cleaned(mload(part.address), part.type);
}

// Returns a value as it is in a slot: right-aligned, with zeros above it.
ir::Value DataBuilder::storage_word(ir::Value value, const ir::Type& type) {
    const ir::Value from = raw(value);
    if (type.bits == 256) return from;
    if (type.kind == ir::TypeKind::FixedBytes) return shr(from, word(256u - type.bits));
    if (type.kind == ir::TypeKind::Int) return bit_and(from, word(all_ones >> (256u - type.bits)));
    return from;
}

void DataBuilder::store(const Reference& part, ir::Value value) {
    const ir::Type type = type_of(part.type);
    value = as_type(value, part.type);
    if (part.location == DataLocation::Memory) {
        if (part.is_byte) {
            const ir::Value bits = word(248);
            return effect(MSTORE8, {part.address, shr(raw(value), bits)});
        }
        return mstore(part.address, raw(value));
    }
    ir::Value bits = storage_word(value, type);
    const auto put = [&](ir::Value word) { part.is_transient ? tstore(part.address, word) : sstore(part.address, word); };
    if (type.bits == 256) return put(bits);
    ir::Value mask = word(all_ones >> (256u - type.bits));
    if (part.offset) {
        const ir::Value shift = mul(part.offset, Word{8});
        bits = shl(bits, shift);
        mask = shl(mask, shift);
    }
    const ir::Value before = part.is_transient ? tload(part.address) : sload(part.address);
    put(bit_or(bit_and(before, negated_mask(mask)), bits));
}

ir::Value DataBuilder::cleaned(ir::Value from, TypeId id) {
    const ir::Type type = type_of(id);
    if (type.kind == ir::TypeKind::Enum) require_or_panic(less(from, word(type.members)), panic::enum_range);
    return as(clean(from, type), type);
}

ir::Value DataBuilder::as_type(ir::Value value, TypeId type) {
    const ir::Type to = type_of(type);
    if (builder.type_of(value) == to) return value;
    return builder.op(ir::Op::Convert, to, {value}, range);
}

Datum DataBuilder::datum(const Reference& part) {
    if (is_value(part.type)) return {part.type, load(part), {}};
    return {part.type, {}, resolve(part)};
}

// --- parts ---
Reference DataBuilder::resolve(Reference part) {
    if (!part.is_cell || is_value(part.type)) return part;
    part.address = mload(part.address);
    part.is_cell = false;
    return part;
}

ir::Value DataBuilder::length(const Reference& of) {
    if (of.length) return of.length;
    if (!has_length(of.type)) return word(program_[of.type].length);
    if (of.location == DataLocation::Memory) return mload(of.address);
    const ir::Value head = sload(of.address);
    return is_bytes(of.type) ? bytes_length(head) : head;
}

ir::Value DataBuilder::bytes_length(ir::Value head) {
    return call_one("length of bytes in storage", {head}, [](DataBuilder& m, const Words& in) -> Words {
        const ir::Value is_long = m.bit_and(in[0], m.word(1));
        const ir::Value half = m.shr(in[0], m.word(1));
        const ir::Value if_short = m.bit_and(half, m.word(0x7f));
        const ir::Value length = m.select(m.truth(is_long), half, if_short);
        const ir::Value is_short = m.raw(m.less(length, m.word(32)));
        m.require_or_panic(m.negation(m.equal(is_long, is_short)), panic::storage_encoding);
        return {length};
    });
}

ir::Value DataBuilder::checked_length(ir::Value length) {
    require_or_panic(negation(greater(length, word(largest_u64))), panic::memory);
    return length;
}

// Returns an element or a field in call data, at the place `at` in data that begins at `base`. A dynamic part is
// elsewhere; its offset is read only now.
Reference DataBuilder::calldata_part(ir::Value base, ir::Value at, TypeId type) {
    Reference part{DataLocation::Calldata, type, at, {}, {}};
    if (!data::is_dynamically_encoded(program_, type)) return part;
    const Words found = call("part in calldata: " + name_of(type), has_length(type) ? 2 : 1, {base, at},
                             [type](DataBuilder& m, const Words& in) -> Words {
                                 const ir::Value offset = m.calldataload(in[1]);
                                 const ir::Value tail = m.word(data::tail_bytes(m.program_, type) - Word{1});
                                 const ir::Value room = m.sub(m.sub(m.calldatasize(), in[0]), tail);
                                 m.require(m.less_signed(offset, room));
                                 const ir::Value start = m.add(in[0], offset);
                                 if (!m.has_length(type)) return {start};
                                 const ir::Value length = m.calldataload(start);
                                 m.require(m.negation(m.greater(length, m.word(largest_u64))));
                                 const ir::Value first = m.add(start, 32);
                                 const Word stride =
                                     m.is_bytes(type) ? Word{1} : data::head_bytes(m.program_, m.program_[type].value);
                                 const ir::Value bytes = m.mul(length, stride);
                                 const ir::Value last = m.sub(m.calldatasize(), bytes);
                                 m.require(m.negation(m.less_signed(last, first)));
                                 return {first, length};
                             });
    part.address = found[0];
    if (has_length(type)) part.length = found[1];
    return part;
}

Reference DataBuilder::element(const Reference& of, ir::Value index) {
    const TypeId type = program_[of.type].value;
    switch (of.location) {
        case DataLocation::Calldata: {
            const ir::Value at = add(of.address, mul(index, data::head_bytes(program_, type)));
            return calldata_part(of.address, at, type);
        }
        case DataLocation::Storage: {
            const ir::Value first = has_length(of.type) ? hash_of_slot(of.address) : of.address;
            const unsigned per_slot = data::elements_per_slot(program_, type);
            Reference part{DataLocation::Storage, type, {}, {}, {}};
            if (per_slot == 1) {
                part.address = add(first, mul(index, data::storage_slots(program_, type)));
                return part;
            }
            part.address = add(first, div(index, per_slot));
            part.offset = mul(mod(index, per_slot), Word{data::storage_bytes(program_, type)});
            return part;
        }
        default: break;
    }
    Reference part{DataLocation::Memory, type, add(of.address, mul(index, Word{32})), {}, {}};
    if (has_length(of.type)) part.address = add(part.address, 32);
    part.is_cell = true;
    return part;
}

Reference DataBuilder::checked_element(const Reference& of, ir::Value index) {
    require_or_panic(less(index, length(of)), panic::index);
    return element(of, index);
}

Reference DataBuilder::byte(const Reference& of, ir::Value index, TypeId bytes1, bool checked) {
    Reference part{of.location, bytes1, {}, {}, {}};
    if (of.location != DataLocation::Storage) {
        if (checked) require_or_panic(less(index, length(of)), panic::index);
        part.address = add(of.address, index);
        if (of.location == DataLocation::Memory) part.address = add(part.address, 32);
        part.is_byte = true;
        return part;
    }
    const ir::Value size = length(of);
    if (checked) require_or_panic(less(index, size), panic::index);
    // Up to 31 bytes are in the slot itself. Both kinds count from the high end.
    const ir::Value is_short = less(size, word(32));
    const ir::Value slots = div(index, 32);
    part.address = select(is_short, of.address, add(hash_of_slot(of.address), slots));
    const ir::Value from_high_end = mod(index, 32);
    part.offset = sub(word(31), from_high_end);
    return part;
}

Reference DataBuilder::field(const Reference& of, std::size_t number) {
    const std::vector<VariableId>& fields = data::fields(program_, of.type);
    const VariableInfo& info = program_[fields.at(number)];
    switch (of.location) {
        case DataLocation::Calldata: {
            Word at;
            for (std::size_t i = 0; i < number; ++i) at += data::head_bytes(program_, program_[fields[i]].type);
            return calldata_part(of.address, at.is_zero() ? of.address : add(of.address, word(at)), info.type);
        }
        case DataLocation::Storage: {
            Reference part{DataLocation::Storage, info.type, of.address, {}, {}};
            if (!info.slot.is_zero()) part.address = add(of.address, word(info.slot));
            if (info.offset != 0) part.offset = word(info.offset);
            return part;
        }
        default: break;
    }
    Reference part{DataLocation::Memory, info.type, add(of.address, 32 * number), {}, {}};
    part.is_cell = true;
    return part;
}

Reference DataBuilder::entry(const Reference& mapping, ir::Value key) {
    const Type& type = program_[mapping.type];
    Reference part{DataLocation::Storage, type.value, {}, {}, {}};
    if (is_value(type.key)) {
        part.address = hash_of_key(raw(key), mapping.address);
        return part;
    }
    part.address = call_one("entry of bytes", {mapping.address, raw(key)}, [](DataBuilder& m, const Words& in) -> Words {
        const ir::Value start = m.free_memory(), size = m.mload(in[1]);
        m.effect(MCOPY, {start, m.add(in[1], 32), size});
        m.mstore(m.add(start, size), in[0]);
        return {m.evm(KECCAK256, {start, m.add(size, 32)})};
    });
    return part;
}

Reference DataBuilder::entry(const Reference& mapping, const Datum& bytes) {
    const ir::Value start = free_memory();
    const ir::Value end = encode_packed({bytes}, start);
    mstore(end, mapping.address);
    const ir::Value slot = evm(KECCAK256, {start, sub(add(end, 32), start)});
    return {DataLocation::Storage, program_[mapping.type].value, slot, {}, {}};
}

Reference DataBuilder::slice(const Reference& of, ir::Value begin, ir::Value end) {
    require(negation(greater(begin, end)));
    require(negation(greater(end, of.length)));
    const Word stride = is_bytes(of.type) ? Word{1} : data::head_bytes(program_, program_[of.type].value);
    Reference part = of;
    part.address = add(of.address, mul(begin, stride));
    part.length = sub(end, begin);
    return part;
}

}  // namespace interlock::lang::lowering
