// What the instructions are in LLVM's IR. Whatever has no row here is executed by the machine's own function.
#include "vm/effects.hpp"
#include "vm/jit/compiler/function_builder.hpp"

namespace interlock::vm::jit {

using llvm::ConstantInt;
using llvm::Value;

void FunctionBuilder::instruction(std::uint32_t pc) {
    using enum Opcode;
    const Opcode opcode{code_.begin()[pc]};
    const auto distance = [&](Opcode first) { return static_cast<std::size_t>(opcode) - static_cast<std::size_t>(first); };
    if (opcode >= PUSH0 && opcode <= PUSH32) {
        llvm::APInt value(256, 0);
        for (std::uint32_t i = 1; i <= info(opcode).immediate; ++i) value = value << 8 | code_.begin()[pc + i];
        return push(b_.getInt(value));
    }
    if (opcode >= DUP1 && opcode <= DUP16) return push(at(stack_.size() - 1 - distance(DUP1)));
    if (opcode >= SWAP1 && opcode <= SWAP16) {
        const std::size_t top = stack_.size() - 1, other = top - 1 - distance(SWAP1);
        static_cast<void>(at(top)), static_cast<void>(at(other));
        return std::swap(stack_[top], stack_[other]);
    }
    if (opcode == JUMPDEST) return;
    if (opcode == POP) return stack_.pop_back();
    if (!arithmetic(opcode) && !comparison(opcode) && !environment(opcode, pc) && !memory(opcode)) by_machine(opcode);
}

bool FunctionBuilder::arithmetic(Opcode opcode) {
    using enum Opcode;
    switch (opcode) {
        case NOT: push(b_.CreateNot(pop())); return true;
        case DIV:
        case SDIV:
        case MOD:
        case SMOD: divide(opcode); return true;
        case ADDMOD:
        case MULMOD: return modular(opcode);
        case SIGNEXTEND: {
            auto* const index = llvm::dyn_cast<ConstantInt>(at(stack_.size() - 1));
            if (index == nullptr) return false;
            stack_.pop_back();
            if (index->getValue().uge(31)) return true;
            const std::uint64_t unused = 248 - 8 * index->getZExtValue();
            push(b_.CreateAShr(b_.CreateShl(pop(), unused), unused));
            return true;
        }
        case ADD:
        case SUB:
        case MUL:
        case AND:
        case OR:
        case XOR:
        case BYTE:
        case SHL:
        case SHR:
        case SAR: break;
        default: return false;
    }
    Value* const a = pop();
    Value* const b = pop();
    switch (opcode) {
        case ADD: push(b_.CreateAdd(a, b)); break;
        case SUB: push(b_.CreateSub(a, b)); break;
        case MUL: push(b_.CreateMul(a, b)); break;
        case AND: push(b_.CreateAnd(a, b)); break;
        case OR: push(b_.CreateOr(a, b)); break;
        case XOR: push(b_.CreateXor(a, b)); break;
        case BYTE: push(words_.byte(b, a)); break;
        case SHL: push(words_.shift_left(b, a)); break;
        default: push(words_.shift_right(b, a, opcode == SAR));
    }
    return true;
}

bool FunctionBuilder::comparison(Opcode opcode) {
    using enum Opcode;
    if (opcode == ISZERO) {
        push(words_.from_flag(b_.CreateNot(words_.is_nonzero(pop()))));
        return true;
    }
    if (opcode != LT && opcode != GT && opcode != SLT && opcode != SGT && opcode != EQ) return false;
    Value* const a = pop();
    Value* const b = pop();
    Value* flag;
    switch (opcode) {
        case LT: flag = b_.CreateICmpULT(a, b); break;
        case GT: flag = b_.CreateICmpUGT(a, b); break;
        case SLT: flag = b_.CreateICmpSLT(a, b); break;
        case SGT: flag = b_.CreateICmpSGT(a, b); break;
        default: flag = words_.is_equal(a, b);
    }
    push(words_.from_flag(flag));
    return true;
}

bool FunctionBuilder::environment(Opcode opcode, std::uint32_t pc) {
    using enum Opcode;
    const auto number_at = [&](std::size_t offset) {
        push(words_.from_u64(b_.CreateLoad(b_.getInt64Ty(), field(offset))));
        return true;
    };
    switch (opcode) {
        case PC: push(words_.constant(pc)); return true;
        case CODESIZE: push(words_.constant(code_.size())); return true;
        case GAS: push(words_.from_u64(gas())); return true;
        case MSIZE: return number_at(offsetof(Registers, memory_size));
        case CALLDATASIZE: return number_at(offsetof(Registers, input_size));
        case CALLDATALOAD: load_call_data(); return true;
        default: return false;
    }
}

// Where both operands are below 2^64 the processor divides; otherwise the machine does.
void FunctionBuilder::divide(Opcode opcode) {
    const bool is_remainder = opcode == Opcode::MOD || opcode == Opcode::SMOD;
    const bool is_signed = opcode == Opcode::SDIV || opcode == Opcode::SMOD;
    Value* const a = at(stack_.size() - 1);
    Value* const b = at(stack_.size() - 2);
    if (auto* const divisor = llvm::dyn_cast<ConstantInt>(b); divisor != nullptr && !is_signed) {
        const llvm::APInt& value = divisor->getValue();
        if (value.isZero() || value.isPowerOf2()) {
            stack_.resize(stack_.size() - 2);
            if (value.isZero()) push(words_.constant(0));
            else if (is_remainder) push(b_.CreateAnd(a, b_.getInt(value - 1)));
            else push(b_.CreateLShr(a, value.logBase2()));
            return;
        }
    }
    BasicBlock *const narrow = new_block(), *const wide = new_block(), *const done = new_block();
    b_.CreateCondBr(words_.both_fit_u64(a, b), narrow, wide);
    b_.SetInsertPoint(narrow);
    Value *const x = words_.limb(a, 0), *const y = words_.limb(b, 0);
    Value* const is_zero = b_.CreateICmpEQ(y, b_.getInt64(0));
    Value* const divisor = b_.CreateSelect(is_zero, b_.getInt64(1), y);
    Value* const result = is_remainder ? b_.CreateURem(x, divisor) : b_.CreateUDiv(x, divisor);
    Value* const small = words_.from_u64(b_.CreateSelect(is_zero, b_.getInt64(0), result));
    b_.CreateBr(done);
    b_.SetInsertPoint(wide);
    by_machine(opcode);
    Value* const large = pop();
    BasicBlock* const wide_end = b_.GetInsertBlock();
    b_.CreateBr(done);
    b_.SetInsertPoint(done);
    llvm::PHINode* const either = b_.CreatePHI(words_.type(), 2);
    either->addIncoming(small, narrow);
    either->addIncoming(large, wide_end);
    push(either);
}

// Modulo a power of two nothing is lost by wrapping at 2^256.
bool FunctionBuilder::modular(Opcode opcode) {
    auto* const modulus = llvm::dyn_cast<ConstantInt>(at(stack_.size() - 3));
    if (modulus == nullptr || !modulus->getValue().isPowerOf2()) return false;
    Value* const a = pop();
    Value* const b = pop();
    stack_.pop_back();
    push(b_.CreateAnd(opcode == Opcode::ADDMOD ? b_.CreateAdd(a, b) : b_.CreateMul(a, b),
                      b_.getInt(modulus->getValue() - 1)));
    return true;
}

// Calls the machine's function for an instruction, with copies of its operands.
void FunctionBuilder::by_machine(Opcode opcode) {
    const OpcodeInfo& row = info(opcode);
    const auto word = [&](std::size_t index) { return b_.CreateConstInBoundsGEP1_64(words_.type(), operands_, index); };
    for (std::size_t i = 0; i < row.stack_in; ++i) b_.CreateAlignedStore(pop(), word(row.stack_in - i), llvm::Align(8));
    auto* const type = llvm::FunctionType::get(b_.getInt64Ty(), {b_.getPtrTy(), b_.getPtrTy(), b_.getInt64Ty()}, false);
    llvm::LoadInst* const table = b_.CreateLoad(b_.getPtrTy(), field(offsetof(Registers, instructions)));
    llvm::LoadInst* const function =
        b_.CreateLoad(b_.getPtrTy(), b_.CreateConstInBoundsGEP1_64(b_.getPtrTy(), table, static_cast<std::uint8_t>(opcode)));
    for (llvm::LoadInst* const load : {table, function}) load->setMetadata(llvm::LLVMContext::MD_invariant_load, invariant_);
    const bool is_pure = effects_of(opcode).is_pure() && opcode != Opcode::EXP;
    Value* const no_registers = llvm::ConstantPointerNull::get(b_.getPtrTy());
    llvm::CallInst* const call = b_.CreateCall(
        type, function, {is_pure ? no_registers : registers_, word(row.stack_in), is_pure ? b_.getInt64(0) : gas()});
    call->setDoesNotThrow();
    if (is_pure) call->setOnlyAccessesArgMemory();
    else if (effects_of(opcode).halts()) return set_gas(call);
    else set_gas_or_fail(call);
    if (row.stack_out == 1) push(b_.CreateAlignedLoad(words_.type(), word(1), llvm::Align(8)));
}

void FunctionBuilder::halt(Opcode opcode) {
    if (!info(opcode).exists_in(fork_)) return fail(Status::InvalidInstruction);
    by_machine(opcode);
    end_frame(Exit::Ended);
}

}  // namespace interlock::vm::jit
