#include "lang/codegen/abi_coding.hpp"

#include "lang/codegen/arithmetic.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;

namespace {

constexpr std::uint64_t word_bytes = 32, scratch_bytes = 64;

// [word] -> [value]; a number outside its enum fails all the same.
void clean_input(Emitter& e, Routines& routines, const ir::Type& type) {
    if (type.kind != ir::TypeKind::Enum) return clean(e, type);
    e.push(0xff).op(AND);
    check_enum(e, routines, type);
}

// [value] -> [value]; reverts without data if the value is not clean.
void reject_dirty(Emitter& e, Routines& routines, const ir::Type& type) {
    if (fills_word(type)) return;
    if (routines.conventions.input_is_masked) return clean_input(e, routines, type);
    e.dup(0);
    check_clean(e, type, routines.revert_empty());
}

}  // namespace

void MemoryAddress::push(Emitter& e, std::uint64_t offset) const {
    const std::uint64_t total = constant_ + offset;
    if (!entry_) return void(e.push(total));
    e.copy(*entry_);
    if (total != 0) e.push(total).op(ADD);
}

void encode_words(Emitter& e, const std::vector<Entry>& words, const MemoryAddress& base, std::uint64_t prefix) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        e.copy(words[i]);
        base.push(e, prefix + word_bytes * i);
        e.op(MSTORE);
    }
    e.push(prefix + word_bytes * words.size());
}

void decode_calldata(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types, const OnWord& on_word) {
    if (types.empty()) return;
    if (!routines.conventions.input_is_padded)
        e.push(selector_bytes + word_bytes * types.size()).op(CALLDATASIZE).op(LT).jump_if(routines.revert_empty());
    for (std::size_t i = 0; i < types.size(); ++i) {
        e.push(selector_bytes + word_bytes * i).op(CALLDATALOAD);
        reject_dirty(e, routines, types[i].type);
        on_word(i);
    }
}

void require_heads(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types) {
    e.push(word_bytes * types.size()).swap(1).op(LT).jump_if(routines.revert_empty());
}

void decode_memory(Emitter& e, Routines& routines, const std::vector<ir::NamedType>& types, Entry base,
                   const OnWord& on_word) {
    const MemoryAddress from(base);
    for (std::size_t i = 0; i < types.size(); ++i) {
        from.push(e, word_bytes * i);
        e.op(MLOAD);
        reject_dirty(e, routines, types[i].type);
        on_word(i);
    }
}

MemoryAddress take_memory(Emitter& e, std::uint64_t bytes, MemoryUse use) {
    if (bytes <= (use == MemoryUse::Last ? memory::first_free : scratch_bytes)) return MemoryAddress(memory::scratch);
    return MemoryAddress(e.push(memory::free_pointer).op(MLOAD).name_top());
}

void order_region(Emitter& e, const MemoryAddress& base) {
    if (base.is_constant()) base.push(e);
    else e.swap(1);
}

}  // namespace interlock::lang::codegen
