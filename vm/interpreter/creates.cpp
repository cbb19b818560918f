#include "vm/interpreter/calls.hpp"
#include "vm/interpreter/memory.hpp"

namespace interlock::vm::instruction {
namespace {

// EIP-3860: init code costs gas per word, and CREATE2 also pays for hashing it.
[[nodiscard]] bool charge_init_code(CallKind kind, const Word& offset, const Word& size, Core& core, Gas& gas) {
    const bool is_too_large = core.limits_code && size > Word{core.rules.max_init_code_bytes};
    if (is_too_large || !core.memory.extend(offset, size, gas)) return false;
    Gas word_price = core.rules.init_code_word;
    if (kind == CallKind::Create2) word_price += hashed_word_price;
    gas -= word_price * words_of(size.low64());
    return gas >= Gas{0};
}

Status create(CallKind kind, Word* top, Core& core) {
    Frame& creator = core.frame();
    Gas& gas = creator.gas;
    const Word value = top[0], offset = top[-1], size = top[-2];
    if (creator.message.is_static) return Status::StaticViolation;
    if (!charge_init_code(kind, offset, size, core, gas)) return Status::OutOfGas;
    const Gas given = core.rules.keeps_a_64th ? all_but_one_64th(gas) : gas;
    gas -= given;

    Frame& child = core.frames.next();
    Message& message = child.message;
    message.kind = kind;
    message.is_static = false;
    message.depth = creator.message.depth + 1;
    message.gas = given;
    message.sender = creator.message.recipient;
    message.value = value;
    message.salt = kind == CallKind::Create2 ? top[-3] : Word{};
    child.input = core.memory.locate(offset, size);
    child.output_offset = child.output_size = 0;
    core.begin(child);
    return Status::Success;
}

}  // namespace

Status CREATE(Word* top, Core& core) { return create(CallKind::Create, top, core); }
Status CREATE2(Word* top, Core& core) { return create(CallKind::Create2, top, core); }

}  // namespace interlock::vm::instruction
