// Emits failures of a call: without data, with a panic, a message, a custom error, or the callee's return data.
#include "lang/codegen/function.hpp"

namespace interlock::lang::codegen {

using enum vm::Opcode;
using ir::Value;

// Returns the label of a failure that is the same wherever it happens.
std::optional<Label> FunctionEmitter::shared_failure(const ir::Failure& failure) {
    switch (failure.kind) {
        case ir::Failure::Kind::Empty: return unit_.routines.revert_empty();
        case ir::Failure::Kind::Panic: return unit_.routines.panic(failure.panic_code);
        case ir::Failure::Kind::Forward: return unit_.routines.forward();
        case ir::Failure::Kind::ErrorString: return unit_.routines.error_string(failure.message);
        case ir::Failure::Kind::CustomError: return std::nullopt;
    }
    return std::nullopt;
}

void FunctionEmitter::emit_guard(const ir::Instruction& i) {
    const std::optional<Label> shared = shared_failure(i.failure);
    operands({i.operands[0]});
    e_.op(ISZERO);
    if (shared) return e_.jump_if(*shared);
    const Label label = unit_.assembly.new_label();
    e_.jump_if(label);
    cold_.push_back({label, e_.stack, &i});
}

void FunctionEmitter::fail(const ir::Failure& failure, const ir::Values& arguments, std::size_t from) {
    if (const auto shared = shared_failure(failure)) return e_.jump(*shared);
    const std::vector<Entry> words = entries_of(arguments, from);
    const MemoryAddress base = take_memory(e_, selector_bytes + 32 * words.size(), MemoryUse::Last);
    base.push(e_);
    store_selector(e_, unit_.contract.errors[failure.error].selector);
    encode_words(e_, words, base, selector_bytes);
    order_region(e_, base);
    e_.op(REVERT);
}

}  // namespace interlock::lang::codegen
