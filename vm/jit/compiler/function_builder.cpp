#include "vm/jit/compiler/function_builder.hpp"

#include <llvm/IR/MDBuilder.h>

#include "vm/effects.hpp"

namespace interlock::vm::jit {

using llvm::Value;

namespace {

// Whether an instruction tells the gas, may fail for another reason than gas, or is seen by an observer.
bool ends_segment(Opcode opcode) {
    const Effects& effects = effects_of(opcode);
    return effects.changes_state() || effects.writes.contains(Region::Logs) || opcode == Opcode::RETURNDATACOPY ||
           opcode == Opcode::GAS || opcode == Opcode::KECCAK256;
}

}  // namespace

FunctionBuilder::FunctionBuilder(llvm::Module& module, const Code& code, Fork fork)
    : module_(module), context_(module.getContext()), b_(context_), words_(b_), code_(code), fork_(fork) {
    unlikely_ = llvm::MDBuilder(context_).createBranchWeights(1, 100'000);
    invariant_ = llvm::MDNode::get(context_, {});
}

void FunctionBuilder::make_function(const char* name) {
    auto* const pointer = b_.getPtrTy();
    auto* const type = llvm::FunctionType::get(b_.getInt32Ty(), {pointer, pointer, b_.getInt32Ty()}, false);
    function_ = llvm::Function::Create(type, llvm::Function::ExternalLinkage, name, module_);
    function_->addFnAttr(llvm::Attribute::NoUnwind);
    function_->addParamAttr(0, llvm::Attribute::NoAlias);
    function_->addParamAttr(1, llvm::Attribute::NoAlias);
    registers_ = function_->getArg(0);
    bottom_ = function_->getArg(1);
    prologue_ = new_block();
    b_.SetInsertPoint(prologue_);
    gas_ = b_.CreateAlloca(b_.getInt64Ty());
    operands_ = b_.CreateAlloca(llvm::ArrayType::get(words_.type(), operand_words));
    operands_->setAlignment(llvm::Align(32));
    out_of_gas_ = new_block();
    failed_ = new_block();
    bad_jump_ = new_block();
    b_.SetInsertPoint(out_of_gas_);
    fail(Status::OutOfGas);
    b_.SetInsertPoint(bad_jump_);
    fail(Status::BadJump);
    b_.SetInsertPoint(failed_);
    b_.CreateRet(b_.getInt32(static_cast<std::uint32_t>(Exit::Ended)));
}

void FunctionBuilder::instructions(const Block& block, bool pays_last) {
    bool pays = true;
    for (std::size_t i = 0; i < block.pcs.size(); ++i) {
        if (pays) pay_segment(block, i, pays_last);
        const bool is_last = i + 1 == block.pcs.size();
        if (is_last && block.ending != Ending::Falls) break;
        instruction(block.pcs[i]);
        pays = ends_segment(Opcode{code_.begin()[block.pcs[i]]});
    }
}

// Takes the price of the instructions from here to the segment's end.
void FunctionBuilder::pay_segment(const Block& block, std::size_t first, bool pays_last) {
    std::int64_t sum = 0;
    for (std::size_t i = first; i < block.pcs.size(); ++i) {
        const Opcode opcode{code_.begin()[block.pcs[i]]};
        if (i + 1 == block.pcs.size() && !pays_last) break;
        sum += base_gas(opcode, fork_).units;
        if (ends_segment(opcode)) break;
    }
    if (sum == 0) return;
    Value* const left = b_.CreateSub(gas(), b_.getInt64(static_cast<std::uint64_t>(sum)));
    set_gas(left);
    fail_unless(b_.CreateICmpSGE(left, b_.getInt64(0)), out_of_gas_);
}

void FunctionBuilder::set_gas_or_fail(Value* left) {
    fail_unless(b_.CreateICmpSGE(left, b_.getInt64(0)), failed_);
    set_gas(left);
}

void FunctionBuilder::fail_unless(Value* holds, BasicBlock* failure) {
    BasicBlock* const next = new_block();
    b_.CreateCondBr(b_.CreateNot(holds), failure, next, unlikely_);
    b_.SetInsertPoint(next);
}

void FunctionBuilder::end_frame(Exit exit) {
    b_.CreateStore(gas(), field(offsetof(Registers, gas)));
    b_.CreateRet(b_.getInt32(static_cast<std::uint32_t>(exit)));
}

void FunctionBuilder::fail(Status status) {
    b_.CreateStore(b_.getInt32(static_cast<std::uint32_t>(status)), field(offsetof(Registers, status)));
    end_frame(Exit::Ended);
}

Value* FunctionBuilder::field(std::size_t offset) {
    return b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), registers_, offset);
}

Value* FunctionBuilder::at(std::size_t index) {
    if (kept_.size() < stack_.size()) kept_.resize(stack_.size());
    if (stack_[index] == nullptr)
        stack_[index] = kept_[index] = b_.CreateAlignedLoad(words_.type(), slot(index), llvm::Align(8));
    return stack_[index];
}

Value* FunctionBuilder::pop() {
    Value* const word = at(stack_.size() - 1);
    stack_.pop_back();
    return word;
}

void FunctionBuilder::push(Value* word) { stack_.push_back(word); }

// Stores what has changed in the variables.
void FunctionBuilder::flush() {
    if (kept_.size() < stack_.size()) kept_.resize(stack_.size());
    for (std::size_t i = 0; i < stack_.size(); ++i)
        if (stack_[i] != nullptr && stack_[i] != kept_[i])
            b_.CreateAlignedStore(kept_[i] = stack_[i], slot(i), llvm::Align(8));
}

}  // namespace interlock::vm::jit
