#include "lang/lower/word_builder.hpp"

namespace interlock::lang::lowering {

ir::Value WordBuilder::round_up(ir::Value bytes) {
    const ir::Value mask = word(~vm::Word{31});
    return bit_and(add(bytes, 31), mask);
}

ir::Value WordBuilder::select(ir::Value condition, ir::Value a, ir::Value b) {
    return builder.op(ir::Op::Select, builder.type_of(a), {condition, a, b}, range);
}

ir::Value WordBuilder::as(ir::Value value, const ir::Type& type) {
    if (builder.type_of(value) == type) return value;
    return builder.op(ir::Op::Reinterpret, type, {value}, range);
}

void WordBuilder::require(ir::Value condition, ir::Failure failure) {
    ir::Instruction guard;
    guard.op = ir::Op::Guard;
    guard.operands = {condition};
    guard.failure = std::move(failure);
    guard.range = range;
    builder.effect(std::move(guard));
}

void WordBuilder::require_or_panic(ir::Value condition, std::uint8_t code) {
    ir::Failure failure;
    failure.kind = ir::Failure::Kind::Panic;
    failure.panic_code = code;
    require(condition, std::move(failure));
}

void WordBuilder::panic(std::uint8_t code) {
    ir::Terminator terminator;
    terminator.kind = ir::Terminator::Kind::Revert;
    terminator.failure.kind = ir::Failure::Kind::Panic;
    terminator.failure.panic_code = code;
    builder.finish(std::move(terminator), range);
}

ir::Value WordBuilder::evm(vm::Opcode opcode, ir::Values operands) {
    ir::Instruction instruction;
    instruction.op = ir::Op::Evm;
    instruction.opcode = opcode;
    instruction.type = ir::uint256_type;
    instruction.operands = std::move(operands);
    instruction.range = range;
    return builder.emit(std::move(instruction));
}

void WordBuilder::effect(vm::Opcode opcode, ir::Values operands) {
    ir::Instruction instruction;
    instruction.op = ir::Op::Evm;
    instruction.opcode = opcode;
    instruction.type = ir::uint256_type;
    instruction.operands = std::move(operands);
    instruction.range = range;
    builder.effect(std::move(instruction));
}

ir::Value WordBuilder::hash_of_slot(ir::Value slot) {
    mstore(word(0), slot);
    return evm(vm::Opcode::KECCAK256, {word(0), word(32)});
}

ir::Value WordBuilder::hash_of_key(ir::Value key, ir::Value slot) {
    mstore(word(0), key);
    mstore(word(32), slot);
    return evm(vm::Opcode::KECCAK256, {word(0), word(64)});
}

void WordBuilder::end(vm::Opcode opcode, ir::Values operands) {
    effect(opcode, std::move(operands));
    builder.finish({}, range);
}

}  // namespace interlock::lang::lowering
