// Memory and call data in LLVM's IR: a check of the bounds and an access; what fails the check asks the machine.
#include <llvm/IR/Intrinsics.h>

#include "vm/jit/compiler/function_builder.hpp"

namespace interlock::vm::jit {

using llvm::Value;

bool FunctionBuilder::memory(Opcode opcode) {
    switch (opcode) {
        case Opcode::MLOAD: {
            Value* const bytes = b_.CreateAlignedLoad(words_.type(), memory_at(pop(), 32), llvm::Align(1));
            push(b_.CreateUnaryIntrinsic(llvm::Intrinsic::bswap, bytes));
            return true;
        }
        case Opcode::MSTORE: {
            Value* const offset = pop();
            Value* const word = pop();
            Value* const to = memory_at(offset, 32);
            b_.CreateAlignedStore(b_.CreateUnaryIntrinsic(llvm::Intrinsic::bswap, word), to, llvm::Align(1));
            return true;
        }
        case Opcode::MSTORE8: {
            Value* const offset = pop();
            Value* const word = pop();
            Value* const to = memory_at(offset, 1);
            b_.CreateStore(b_.CreateTrunc(word, b_.getInt8Ty()), to);
            return true;
        }
        default: return false;
    }
}

// Returns where `bytes` of memory, a word or one, are at an offset, once they may be used.
Value* FunctionBuilder::memory_at(Value* offset, std::uint64_t bytes) {
    Value* const low = words_.limb(offset, 0);
    Value* const is_small = words_.fits_u64(offset);
    const std::size_t end = bytes == 32 ? offsetof(Registers, memory_words_end) : offsetof(Registers, memory_size);
    Value* const is_inside = b_.CreateICmpULT(low, b_.CreateLoad(b_.getInt64Ty(), field(end)));
    BasicBlock *const grows = new_block(), *const ready = new_block();
    b_.CreateCondBr(b_.CreateNot(b_.CreateAnd(is_small, is_inside)), grows, ready, unlikely_);
    b_.SetInsertPoint(grows);
    auto* const type =
        llvm::FunctionType::get(b_.getInt64Ty(), {b_.getPtrTy(), b_.getInt64Ty(), b_.getInt64Ty(), b_.getInt64Ty()}, false);
    llvm::LoadInst* const grow = b_.CreateLoad(b_.getPtrTy(), field(offsetof(Registers, grow)));
    grow->setMetadata(llvm::LLVMContext::MD_invariant_load, invariant_);
    Value* const wanted = b_.CreateSelect(is_small, low, b_.getInt64(~std::uint64_t{0}));
    llvm::CallInst* const left = b_.CreateCall(type, grow, {registers_, wanted, gas(), b_.getInt64(bytes)});
    left->setDoesNotThrow();
    set_gas_or_fail(left);
    b_.CreateBr(ready);
    b_.SetInsertPoint(ready);
    Value* const begin = b_.CreateLoad(b_.getPtrTy(), field(offsetof(Registers, memory)));
    return b_.CreateGEP(b_.getInt8Ty(), begin, low);
}

void FunctionBuilder::load_call_data() {
    Value* const offset = at(stack_.size() - 1);
    Value* const low = words_.limb(offset, 0);
    Value* const end = b_.CreateLoad(b_.getInt64Ty(), field(offsetof(Registers, input_words_end)));
    Value* const is_inside = b_.CreateAnd(words_.fits_u64(offset), b_.CreateICmpULT(low, end));
    BasicBlock *const whole = new_block(), *const cut = new_block(), *const done = new_block();
    b_.CreateCondBr(is_inside, whole, cut);
    b_.SetInsertPoint(whole);
    Value* const begin = b_.CreateLoad(b_.getPtrTy(), field(offsetof(Registers, input)));
    Value* const bytes = b_.CreateAlignedLoad(words_.type(), b_.CreateGEP(b_.getInt8Ty(), begin, low), llvm::Align(1));
    Value* const word = b_.CreateUnaryIntrinsic(llvm::Intrinsic::bswap, bytes);
    b_.CreateBr(done);
    b_.SetInsertPoint(cut);
    by_machine(Opcode::CALLDATALOAD);
    Value* const padded = pop();
    BasicBlock* const cut_end = b_.GetInsertBlock();
    b_.CreateBr(done);
    b_.SetInsertPoint(done);
    llvm::PHINode* const either = b_.CreatePHI(words_.type(), 2);
    either->addIncoming(word, whole);
    either->addIncoming(padded, cut_end);
    push(either);
}

}  // namespace interlock::vm::jit
