// Changes arrays, structs and byte strings in storage. Slots that they no longer use become zero.
#include "lang/lower/contract.hpp"
#include "lang/lower/data_builder.hpp"

namespace interlock::lang::lowering {

using vm::all_ones;
using vm::Word;
using enum vm::Opcode;

namespace {

const Word most_elements(0xffff'ffff'ffff'ffff);

}  // namespace

// --- byte strings ---
ir::Value DataBuilder::load_bytes(ir::Value slot) { return call(bytes_loader(), {slot}).front(); }

void DataBuilder::store_bytes(ir::Value slot, ir::Value address) { (void)call(bytes_storer(), {slot, address}); }

std::uint32_t DataBuilder::bytes_loader() {
    return contract_.routines.routine("copy bytes to memory", 1, 1, range, [](DataBuilder& m, const Words& in) -> Words {
        const ir::Value head = m.sload(in[0]);
        const ir::Value length = m.checked_length(m.bytes_length(head));
        const ir::Value start = m.allocate(m.add(m.round_up(length), 32));
        m.mstore(start, length);
        const ir::Value first = m.add(start, 32);
        m.if_else(
            m.less(length, m.word(32)), [&] { m.mstore(first, m.bit_and(head, m.word(~Word{0xff}))); },
            [&] {
                const ir::Value from = m.hash_of_slot(in[0]);
                const ir::Value slots = m.div(m.add(length, 31), 32);
                m.count(m.word(0), slots, [&](ir::Value i) {
                    const ir::Value part = m.sload(m.add(from, i));
                    m.mstore(m.add(first, m.mul(i, Word{32})), part);
                });
            });
        return {start};
    });
}

std::uint32_t DataBuilder::bytes_storer() {
    return contract_.routines.routine("copy bytes to storage", 2, 0, range, [](DataBuilder& m, const Words& in) -> Words {
        const ir::Value length = m.checked_length(m.mload(in[1]));
        const ir::Value before = m.bytes_length(m.sload(in[0])), from = m.add(in[1], 32);
        const ir::Value is_short = m.less(length, m.word(32));
        const auto slots_of = [&](ir::Value size) { return m.div(m.add(size, 31), 32); };
        m.when(m.greater(before, m.word(31)), [&] {
            const ir::Value to = m.hash_of_slot(in[0]), end = m.add(to, slots_of(before));
            const ir::Value none = m.word(0), kept = slots_of(length);
            m.clear_slots(m.add(to, m.select(is_short, none, kept)), end);
        });
        const auto kept = [&](ir::Value word, ir::Value bytes) {  // the first `bytes` bytes, fewer than 32
            return m.bit_and(word, m.negated_mask(m.evm(SHR, {m.mul(bytes, Word{8}), m.word(all_ones)})));
        };
        m.if_else(
            is_short,
            [&] {
                const ir::Value low = m.mul(length, Word{2});
                m.sstore(in[0], m.bit_or(kept(m.mload(from), length), low));
            },
            [&] {
                const ir::Value to = m.hash_of_slot(in[0]);
                const ir::Value whole = m.div(length, 32), rest = m.mod(length, 32);
                m.count(m.word(0), whole, [&](ir::Value i) {
                    const ir::Value part = m.mload(m.add(from, m.mul(i, Word{32})));
                    m.sstore(m.add(to, i), part);
                });
                m.when(m.greater(rest, m.word(0)), [&] {
                    const ir::Value part = kept(m.mload(m.add(from, m.mul(whole, Word{32}))), rest);
                    m.sstore(m.add(to, whole), part);
                });
                m.sstore(in[0], m.add(m.mul(length, Word{2}), 1));
            });
        return {};
    });
}

void DataBuilder::push_byte(const Reference& bytes, ir::Value byte) {
    (void)call("push byte", 0, {bytes.address, raw(byte)}, [](DataBuilder& m, const Words& in) -> Words {
        const ir::Value slot = in[0], head = m.sload(slot);
        const ir::Value length = m.bytes_length(head);
        m.require_or_panic(m.negation(m.greater(length, m.word(most_elements))), panic::memory);
        const ir::Value low = m.shr(in[1], m.word(248));
        const auto shifted = [&](ir::Value at) { return m.shl(low, m.mul(m.sub(m.word(31), at), Word{8})); };
        m.if_else(
            m.less(length, m.word(31)),
            [&] {
                const ir::Value last = shifted(length);
                m.sstore(slot, m.bit_or(m.add(head, 2), last));
            },
            [&] {
                m.if_else(
                    m.equal(length, m.word(31)),
                    [&] {  // the string becomes too long for its slot
                        const ir::Value all = m.bit_or(m.bit_and(head, m.word(~Word{0xff})), low);
                        m.sstore(m.hash_of_slot(slot), all);
                        m.sstore(slot, m.word(65));
                    },
                    [&] {
                        m.sstore(slot, m.add(head, 2));
                        const ir::Value whole = m.div(length, 32);
                        const ir::Value at = m.add(m.hash_of_slot(slot), whole), rest = m.mod(length, 32);
                        const ir::Value shift = m.mul(m.sub(m.word(31), rest), Word{8});
                        const ir::Value mask = m.negated_mask(m.shl(m.word(0xff), shift));
                        const ir::Value others = m.bit_and(m.sload(at), mask);
                        m.sstore(at, m.bit_or(others, m.shl(low, shift)));
                    });
            });
        return {};
    });
}

void DataBuilder::pop_byte(const Reference& bytes) {
    (void)call("pop byte", 0, {bytes.address}, [](DataBuilder& m, const Words& in) -> Words {
        const ir::Value slot = in[0], head = m.sload(slot);
        const ir::Value length = m.bytes_length(head);
        m.require_or_panic(m.greater(length, m.word(0)), panic::empty_pop);
        const ir::Value last = m.sub(length, m.word(1));
        const auto without_last = [&](ir::Value from) {
            const ir::Value rest = m.mod(last, 32);
            const ir::Value shift = m.mul(m.sub(m.word(31), rest), Word{8});
            return m.bit_and(from, m.negated_mask(m.shl(m.word(0xff), shift)));
        };
        m.if_else(
            m.less(length, m.word(32)),
            [&] {
                const ir::Value one_byte = m.word(2);  // the slot holds twice the length
                m.sstore(slot, m.sub(without_last(head), one_byte));
            },
            [&] {
                const ir::Value first = m.hash_of_slot(slot);
                m.if_else(
                    m.equal(length, m.word(32)),
                    [&] {  // the string fits its slot again
                        const ir::Value mask = m.word(~Word{0xff});
                        const ir::Value kept = m.bit_and(m.sload(first), mask);
                        m.sstore(slot, m.bit_or(kept, m.word(62)));
                        m.sstore(first, m.word(0));
                    },
                    [&] {
                        const ir::Value at = m.add(first, m.div(last, 32));
                        m.sstore(at, without_last(m.sload(at)));
                        m.sstore(slot, m.sub(head, m.word(2)));
                    });
            });
        return {};
    });
}

// --- arrays ---
void DataBuilder::clear_slots(ir::Value first, ir::Value end) {
    (void)call("clear slots", 0, {first, end}, [](DataBuilder& m, const Words& in) -> Words {
        m.count(in[0], in[1], [&](ir::Value slot) { m.sstore(slot, m.word(0)); });
        return {};
    });
}

// Sets the array's length; elements that it loses become zero.
void DataBuilder::resize(const Reference& array, ir::Value new_length) {
    const TypeId type = array.type;
    (void)call("resize " + name_of(type), 0, {array.address, new_length}, [type](DataBuilder& m, const Words& in) -> Words {
        const Reference whole{DataLocation::Storage, type, in[0], {}, {}};
        const TypeId element = m.program_[type].value;
        const ir::Value before = m.sload(in[0]),
                        now = m.contract_.has(rule::length_is_written) ? in[1] : m.checked_length(in[1]);
        m.sstore(in[0], now);
        if (!m.is_value(element)) {
            if (m.program_[element].kind != TypeKind::Mapping)
                m.count(now, before, [&](ir::Value i) { m.clear(m.element(whole, i)); });
            return {};
        }
        const ir::Value first = m.hash_of_slot(in[0]);
        const unsigned per_slot = data::elements_per_slot(m.program_, element);
        const auto slots = [&](ir::Value length) {
            return per_slot == 1 ? length : m.div(m.add(length, per_slot - 1), per_slot);
        };
        m.when(m.less(now, before), [&] {
            const ir::Value end = m.add(first, slots(before));
            m.clear_slots(m.add(first, slots(now)), end);
            // Where lengths are written, the rest of a slot keeps what was in it.
            if (per_slot == 1 || m.contract_.has(rule::length_is_written)) return;
            const ir::Value kept = m.mod(now, per_slot);
            m.when(m.greater(kept, m.word(0)), [&] {
                const ir::Value at = m.add(first, m.div(now, per_slot));
                const ir::Value bits = m.mul(kept, Word{8 * data::storage_bytes(m.program_, element)});
                const ir::Value mask = m.negated_mask(m.shl(m.word(all_ones), bits));
                m.sstore(at, m.bit_and(m.sload(at), mask));
            });
        });
        return {};
    });
}

void DataBuilder::clear(const Reference& what) {
    const TypeId type = what.type;
    if (is_value(type)) {
        const ir::Type value = type_of(type);
        return store(what, builder.constant(value, {}, range));
    }
    if (program_[type].kind == TypeKind::Mapping) return;  // its keys are unknown
    if (is_bytes(type)) return store_bytes(what.address, word(memory::zero));
    if (has_length(type)) return resize(what, word(0));
    (void)call("clear " + name_of(type), 0, {what.address}, [type](DataBuilder& m, const Words& in) -> Words {
        const Reference whole{DataLocation::Storage, type, in[0], {}, {}};
        if (m.is_array(type)) {
            if (m.is_value(m.program_[type].value)) {
                m.clear_slots(in[0], m.add(in[0], m.word(data::storage_slots(m.program_, type))));
            } else {
                const ir::Value count = m.word(m.program_[type].length);
                m.count(m.word(0), count, [&](ir::Value i) { m.clear(m.element(whole, i)); });
            }
            return {};
        }
        for (std::size_t i = 0; i < data::fields(m.program_, type).size(); ++i) m.clear_field(m.field(whole, i));
        return {};
    });
}

// A struct has its slots to itself, so they are cleared as a whole, including what assembly left between the fields.
void DataBuilder::clear_field(const Reference& field) {
    if (!is_value(field.type)) return clear(field);
    if (!field.offset) sstore(field.address, word(0));  // otherwise cleared with the first field of its slot
}

// Both must be arrays; the elements of `from` are converted.
void DataBuilder::copy_elements(const Reference& to, const Reference& from) {
    const TypeId element_type = program_[to.type].value;
    if (is_value(element_type)) {
        if (data::elements_per_slot(program_, element_type) > 1) return copy_packed_elements(to, from);
        return copy_lone_elements(to, from);
    }
    const ir::Value count = length(from);
    if (has_length(to.type)) resize(to, count);
    this->count(word(0), count, [&](ir::Value i) {
        const Datum copied = datum(element(from, i));
        to_storage(element(to, i), copied);
    });
    if (has_length(to.type)) return;
    this->count(count, word(program_[to.type].length), [&](ir::Value i) { clear(element(to, i)); });
}

// An element that does not fill its slot is written with zeros beside it.
void DataBuilder::copy_lone_elements(const Reference& to, const Reference& from) {
    const TypeId type = program_[to.type].value;
    const ir::Value count = length(from);
    if (has_length(to.type)) resize(to, count);
    const ir::Value first = has_length(to.type) ? hash_of_slot(to.address) : to.address;
    this->count(word(0), count, [&](ir::Value i) {
        const ir::Value value = as_type(datum(element(from, i)).value, type);
        const ir::Value stored = storage_word(value, type_of(type));
        sstore(add(first, i), stored);
    });
    if (has_length(to.type)) return;
    const ir::Value end = add(first, word(data::storage_slots(program_, to.type)));
    clear_slots(add(first, count), end);
}

// If several elements share a slot, whole slots are written; the bytes after the last element become zero.
void DataBuilder::copy_packed_elements(const Reference& to, const Reference& from) {
    const TypeId type = program_[to.type].value;
    const unsigned per_slot = data::elements_per_slot(program_, type), bits = 8 * data::storage_bytes(program_, type);
    const ir::Value count = length(from);
    if (has_length(to.type)) resize(to, count);
    const ir::Value first = has_length(to.type) ? hash_of_slot(to.address) : to.address;
    const ir::Value slots = div(add(count, per_slot - 1), per_slot);
    this->count(word(0), slots, [&](ir::Value slot) {
        const Local packed = variable(word(0));
        const ir::Value begin = mul(slot, Word{per_slot}), rest = sub(count, begin);
        const ir::Value most = word(per_slot);
        const ir::Value here = select(less(rest, word(per_slot)), rest, most);
        this->count(word(0), here, [&](ir::Value i) {
            const ir::Value value = as_type(datum(element(from, add(begin, i))).value, type);
            const ir::Value shift = mul(i, Word{bits});
            const ir::Value lies = shl(storage_word(value, type_of(type)), shift);
            builder.write(packed, bit_or(builder.read(packed), lies));
        });
        const ir::Value whole = builder.read(packed);
        sstore(add(first, slot), whole);
    });
    if (has_length(to.type)) return;
    const ir::Value end = add(first, word(data::storage_slots(program_, to.type)));
    clear_slots(add(first, slots), end);
}

void DataBuilder::store_bytes_of(const Reference& to, const Reference& source) {
    if (source.location == DataLocation::Calldata) {
        (void)checked_length(source.length);
        return store_bytes(to.address, copy_of_calldata(source));
    }
    if (source.location == DataLocation::Memory) return store_bytes(to.address, to_memory(source));
    when(negation(equal(to.address, source.address)), [&] { store_bytes(to.address, to_memory(source)); });
}

void DataBuilder::to_storage(const Reference& to, const Datum& from) {
    if (is_value(to.type)) return store(to, from.value);
    const Reference source = resolve(from.reference);
    if (program_[to.type].kind == TypeKind::Mapping) return;
    if (is_bytes(to.type)) {
        const ir::Value free = contract_.counts_memory() ? free_memory() : ir::Value{};
        store_bytes_of(to, source);
        if (free) set_free_memory(free);
        return;
    }
    Words arguments{to.address};
    for (const ir::Value each : words_of(source)) arguments.push_back(each);
    const TypeId type = to.type;
    (void)call("copy " + name_of(source) + " to " + name_of(to), 0, arguments,
               [type, source](DataBuilder& m, const Words& in) -> Words {
                   const Reference target{DataLocation::Storage, type, in[0], {}, {}};
                   const Reference origin = with_words(source, {in.begin() + 1, in.end()});
                   const auto copy = [&] {
                       if (m.is_array(type)) return m.copy_elements(target, origin);
                       for (std::size_t i = 0; i < data::fields(m.program_, type).size(); ++i) {
                           if (m.program_[m.program_[data::fields(m.program_, type)[i]].type].kind == TypeKind::Mapping)
                               continue;
                           const Datum copied = m.datum(m.field(origin, i));
                           m.to_storage(m.field(target, i), copied);
                       }
                   };
                   if (origin.location == DataLocation::Storage) m.when(m.negation(m.equal(in[0], in[1])), copy);
                   else copy();
                   return {};
               });
}

Reference DataBuilder::push(const Reference& array) {
    const ir::Value before = sload(array.address);
    if (!contract_.has(rule::length_is_written))  // which may make an array longer than any memory
        require_or_panic(negation(greater(before, word(most_elements))), panic::memory);
    sstore(array.address, add(before, 1));
    return element(array, before);
}

void DataBuilder::pop(const Reference& array) {
    const TypeId type = array.type;
    (void)call("pop " + name_of(type), 0, {array.address}, [type](DataBuilder& m, const Words& in) -> Words {
        const Reference whole{DataLocation::Storage, type, in[0], {}, {}};
        const ir::Value before = m.sload(in[0]);
        m.require_or_panic(m.greater(before, m.word(0)), panic::empty_pop);
        const ir::Value now = m.sub(before, m.word(1));
        m.clear(m.element(whole, now));
        m.sstore(in[0], now);
        return {};
    });
}

}  // namespace interlock::lang::lowering
