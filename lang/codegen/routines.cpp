#include "lang/codegen/routines.hpp"

#include "lang/codegen/arithmetic.hpp"
#include "lang/codegen/byte_routines.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;

namespace {

constexpr std::uint32_t panic_selector = 0x4e487b71;  // Panic(uint256)
constexpr std::uint32_t error_selector = 0x08c379a0;  // Error(string)

// Nothing is read after this, so the failure's data may overwrite memory from address zero on.
void revert_with(Emitter& e, std::uint64_t bytes) { e.push(bytes).push(0).op(REVERT); }

void emit_panic(Emitter& e, std::uint8_t code) {
    store_selector(e.push(0), panic_selector);
    e.push(code).push(4).op(MSTORE);
    revert_with(e, 0x24);
}

void emit_error(Emitter& e, const std::string& message) {
    store_selector(e.push(0), error_selector);
    e.push(0x20).push(4).op(MSTORE);
    e.push(message.size()).push(0x24).op(MSTORE);
    std::uint64_t at = 0x44;
    for (std::size_t i = 0; i < message.size(); i += 32, at += 32) {
        vm::Bytes chunk(message.begin() + static_cast<std::ptrdiff_t>(i),
                        message.begin() + static_cast<std::ptrdiff_t>(std::min(i + 32, message.size())));
        chunk.resize(32);
        e.push(vm::word_from_big_endian(chunk)).push(at).op(MSTORE);
    }
    revert_with(e, at);
}

}  // namespace

Label Routines::revert_empty() {
    if (!revert_empty_) revert_empty_ = assembly_.new_label();
    return revert_empty_;
}

Label Routines::forward() {
    if (!forward_) forward_ = assembly_.new_label();
    return forward_;
}

Label Routines::panic(std::uint8_t code) {
    Label& label = panics_[code];
    if (!label) label = assembly_.new_label();
    return label;
}

Label Routines::error_string(const std::string& message) {
    Label& label = errors_[message];
    if (!label) label = assembly_.new_label();
    return label;
}

Label Routines::routine(Routine routine) {
    Label& label = routines_[routine];
    if (!label) {
        label = assembly_.new_label();
        pending_.push_back(routine);
    }
    return label;
}

Label Routines::power(const ir::Type& type) {
    Label& label = powers_[{type.is_signed(), type.bits}];
    if (!label) label = assembly_.new_label();
    return label;
}

void Routines::emit_requested() {
    assembly_.set_range({});
    for (const auto& [key, label] : powers_)
        emit_power({key.first ? ir::TypeKind::Int : ir::TypeKind::Uint, static_cast<std::uint16_t>(key.second)}, label);
    while (!pending_.empty()) {  // a routine may request another one
        const Routine next = pending_.back();
        pending_.pop_back();
        emit_routine(next, routines_[next]);
    }
    emit_failures();
}

void Routines::emit_failures() {
    Emitter e(assembly_);
    for (const auto& [code, label] : panics_) {
        e.mark(label);
        if (conventions.failures_are_invalid && code == panic::memory) revert_with(e, 0);
        else if (conventions.failures_are_invalid) e.op(INVALID);
        else emit_panic(e, code);
    }
    for (const auto& [message, label] : errors_) {
        e.mark(label);
        emit_error(e, message);
    }
    if (forward_) {
        e.mark(forward_);
        e.op(RETURNDATASIZE).push(0).push(0).op(RETURNDATACOPY);
        e.op(RETURNDATASIZE).push(0).op(REVERT);
    }
    if (revert_empty_) {
        e.mark(revert_empty_);
        revert_with(e, 0);
    }
}

void Routines::emit_routine(Routine routine, Label label) {
    Emitter e(assembly_);
    e.mark(label);
    switch (routine) {
        case Routine::PackBytes: return pack_bytes(e);
        case Routine::CopyCalldata: return copy_calldata(e);
        case Routine::CopyCalldataSlice: return copy_calldata_slice(e);
        case Routine::CopyReturnData: return copy_return_data(e);
    }
}

// Powers of unsigned numbers that certainly fit a word need no loop, for example 10 ** 77 and 306 ** 31.
void Routines::emit_small_power(Emitter& e, const ir::Type& type, Entry base, Entry exponent, Label slow) {
    const auto is_below = [&](Entry entry, std::uint64_t limit) { e.copy(entry).push(limit).op(GT); };
    is_below(base, 11);
    is_below(exponent, 78);
    e.op(AND);
    is_below(base, 307);
    is_below(exponent, 32);
    e.op(AND).op(OR).op(ISZERO).jump_if(slow);
    const std::vector<Entry> at_slow = e.stack;
    const Entry power = e.copy(exponent).copy(base).op(EXP).name_top();
    if (!fills_word(type)) {
        e.copy(power);
        check_clean(e, type, panic(panic::overflow));
    }
    end_routine(e, {power});
    e.stack = at_slow;
}

// Computes the power by squaring and multiplying. The base is squared only while exponent bits remain. If a square
// overflows, so does the result, since the exponent's top bit multiplies it in.
void Routines::emit_power(const ir::Type& type, Label label) {
    Emitter e(assembly_);
    e.mark(label);
    const auto [base, exponent] = begin_routine<2>(e);
    if (type.kind == ir::TypeKind::Uint) {
        const Label slow = assembly_.new_label();
        emit_small_power(e, type, base, exponent, slow);
        e.mark(slow);
    }
    const Label loop = assembly_.new_label(), skip = assembly_.new_label(), done = assembly_.new_label();
    const Entry power = e.push(1).name_top();
    e.mark(loop);
    e.copy(exponent).push(1).op(AND).op(ISZERO).jump_if(skip);
    e.copy(base).copy(power);
    multiply(e, *this, type, true);
    e.assign(power);
    e.mark(skip);
    e.copy(exponent).push(1).op(SHR).assign(exponent);
    e.copy(exponent).op(ISZERO).jump_if(done);
    e.copy(base).copy(base);
    multiply(e, *this, type, true);
    e.assign(base);
    e.jump(loop);
    e.mark(done);
    end_routine(e, {power});
}

void round_up(Emitter& e) { e.push(31).op(ADD).push(31).op(NOT).op(AND); }

Entry allocate_bytes(Emitter& e, Entry length) {
    const Entry bytes = e.push(memory::free_pointer).op(MLOAD).name_top();
    e.copy(length);
    round_up(e);
    e.copy(bytes).op(ADD).push(32).op(ADD).push(memory::free_pointer).op(MSTORE);
    e.copy(length).copy(bytes).op(MSTORE);
    return bytes;
}

void store_selector(Emitter& e, std::uint32_t selector) { e.push(selector).push(224).op(SHL).swap(1).op(MSTORE); }

}  // namespace interlock::lang::codegen
