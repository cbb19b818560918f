// Makes arrays, structs and byte strings in memory: new ones, and copies from any location.
#include "lang/lower/contract.hpp"
#include "lang/lower/data_builder.hpp"

namespace interlock::lang::lowering {

using vm::all_ones;
using vm::Word;
using enum vm::Opcode;

ir::Value DataBuilder::allocate(ir::Value bytes) {
    return call_one("allocate", {bytes}, [](DataBuilder& m, const Words& in) -> Words {
        const ir::Value start = m.free_memory();
        const ir::Value end = m.add(start, m.round_up(in[0]));
        const ir::Value wraps = m.less(end, start);
        const ir::Value too_much = m.either(m.greater(end, m.word(largest_u64)), wraps);
        m.require_or_panic(m.negation(too_much), panic::memory);
        m.set_free_memory(end);
        return {start};
    });
}

ir::Value DataBuilder::new_array(TypeId type, ir::Value count_) {
    return call_one("new " + name_of(type), {count_}, [type](DataBuilder& m, const Words& in) -> Words {
        const ir::Value count = m.checked_length(in[0]);
        const ir::Value bytes = m.is_bytes(type) ? m.round_up(count) : m.mul(count, Word{32});
        const ir::Value start = m.allocate(m.add(bytes, 32));
        m.mstore(start, count);
        const ir::Value first = m.add(start, 32);
        const TypeId element = m.is_bytes(type) ? type : m.program_[type].value;
        if (m.is_bytes(type) || m.is_value(element)) {
            m.effect(CALLDATACOPY, {first, m.calldatasize(), bytes});
            return {start};
        }
        m.count(m.word(0), count, [&](ir::Value i) {
            const ir::Value initial = m.default_in_memory(element);
            m.mstore(m.add(first, m.mul(i, Word{32})), initial);
        });
        return {start};
    });
}

ir::Value DataBuilder::default_in_memory(TypeId type) {
    if (is_value(type)) return word(0);
    if (has_length(type)) return word(memory::zero);
    return call_one("default " + name_of(type), {}, [type](DataBuilder& m, const Words&) -> Words {
        if (m.is_array(type)) {
            const TypeId element = m.program_[type].value;
            const ir::Value bytes = m.word(m.program_[type].length * Word{32});
            m.checked_length(m.word(m.program_[type].length));
            const ir::Value start = m.allocate(bytes);
            if (m.is_value(element)) {
                m.effect(CALLDATACOPY, {start, m.calldatasize(), bytes});
                return {start};
            }
            const ir::Value count = m.word(m.program_[type].length);
            m.count(m.word(0), count, [&](ir::Value i) {
                const ir::Value initial = m.default_in_memory(element);
                m.mstore(m.add(start, m.mul(i, Word{32})), initial);
            });
            return {start};
        }
        const auto& fields = data::fields(m.program_, type);
        const ir::Value start = m.allocate(m.word(32 * fields.size()));
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const ir::Value initial = m.default_in_memory(m.program_[fields[i]].type);
            m.mstore(m.add(start, 32 * i), initial);
        }
        return {start};
    });
}

ir::Value DataBuilder::text_in_memory(std::string_view text) {
    const ir::Value start = allocate(word(32 + text.size()));
    mstore(start, word(text.size()));
    put_text(text, add(start, 32));
    return start;
}

// Copies bytes from call data; bytes beyond its end are zero.
ir::Value DataBuilder::copy_of_calldata(const Reference& bytes) {
    if (contract_.counts_memory()) {
        const ir::Value start = allocate(add(round_up(bytes.length), 32));
        mstore(start, bytes.length);
        effect(CALLDATACOPY, {add(start, 32), bytes.address, bytes.length});
        const ir::Value zero = word(0);
        mstore(add(add(start, 32), bytes.length), zero);
        return start;
    }
    ir::Instruction copy;
    copy.op = ir::Op::CallData;
    copy.type = ir::bytes_type;
    copy.operands = {bytes.address, bytes.length};
    copy.range = range;
    return raw(builder.emit(std::move(copy)));
}

ir::Value DataBuilder::to_memory(const Reference& from) {
    const TypeId type = from.type;
    if (from.location == DataLocation::Memory) return resolve(from).address;
    if (from.location == DataLocation::Calldata) {
        if (is_bytes(type)) {
            // Data inside other data, or set by assembly, may claim to extend beyond the call data.
            (void)checked_length(from.length);
            const ir::Value size = calldatasize();
            require(negation(greater(add(from.address, from.length), size)));
            return copy_of_calldata(from);
        }
        if (has_length(type))
            return decode_elements(type, from.address, from.length, calldatasize(), DataLocation::Calldata);
        return decode_to_memory(type, from.address, calldatasize(), DataLocation::Calldata);
    }
    if (is_bytes(type)) return load_bytes(from.address);
    return call_one("copy to memory: " + name_of(type), {from.address}, [type](DataBuilder& m, const Words& in) -> Words {
        const Reference source{DataLocation::Storage, type, in[0], {}, {}};
        if (m.is_struct(type)) {
            const auto& fields = data::fields(m.program_, type);
            const ir::Value start = m.allocate(m.word(32 * fields.size()));
            for (std::size_t i = 0; i < fields.size(); ++i) {
                const Reference part = m.field(source, i);
                const ir::Value copy = m.is_value(part.type) ? m.raw(m.load(part)) : m.to_memory(part);
                m.mstore(m.add(start, 32 * i), copy);
            }
            return {start};
        }
        const ir::Value length = m.checked_length(m.length(source));
        const bool dynamic = m.has_length(type);
        const ir::Value start = m.allocate(m.add(m.mul(length, Word{32}), dynamic ? 32 : 0));
        if (dynamic) m.mstore(start, length);
        const ir::Value first = m.add(start, dynamic ? 32 : 0);
        m.count(m.word(0), length, [&](ir::Value i) {
            const Reference part = m.element(source, i);
            const ir::Value copy = m.is_value(part.type) ? m.raw(m.load(part)) : m.to_memory(part);
            m.mstore(m.add(first, m.mul(i, Word{32})), copy);
        });
        return {start};
    });
}

ir::Value DataBuilder::as_fixed_bytes(const Reference& bytes, TypeId id) {
    const ir::Type type = type_of(id);
    const ir::Value size = length(bytes);
    ir::Value from;
    switch (bytes.location) {
        case DataLocation::Calldata: from = calldataload(bytes.address); break;
        case DataLocation::Memory: from = mload(add(bytes.address, 32)); break;
        default: {
            const ir::Value is_short = less(size, word(32));
            from = sload(select(is_short, bytes.address, hash_of_slot(bytes.address)));
        }
    }
    // Missing bytes are zero, so for a long string the shift by 256 bits clears nothing.
    const ir::Value all = word(256), bits = mul(size, Word{8});
    const ir::Value kept = select(less(size, word(32)), bits, all);
    const ir::Value cut = evm(SHR, {kept, word(all_ones)});
    return as(clean(bit_and(from, negated_mask(cut)), type), type);
}

}  // namespace interlock::lang::lowering
