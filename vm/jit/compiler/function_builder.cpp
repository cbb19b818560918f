#include "vm/jit/compiler/function_builder.hpp"

#include <llvm/IR/MDBuilder.h>

#include "vm/effects.hpp"

namespace interlock::vm::jit {

using llvm::AllocaInst;
using llvm::Value;

namespace {

// Whether an instruction tells the gas, may fail for another reason than gas, or is seen by an observer.
bool ends_segment(Opcode opcode) {
    const Effects& effects = effects_of(opcode);
    return effects.changes_state() || effects.writes.contains(Region::Logs) || opcode == Opcode::RETURNDATACOPY ||
           opcode == Opcode::GAS || opcode == Opcode::KECCAK256;
}

}  // namespace

FunctionBuilder::FunctionBuilder(llvm::Module& module, const Code& code, Fork fork, const Flow& flow)
    : module_(module), context_(module.getContext()), b_(context_), words_(b_), code_(code), fork_(fork), flow_(flow) {
    unlikely_ = llvm::MDBuilder(context_).createBranchWeights(1, 100'000);
    invariant_ = llvm::MDNode::get(context_, {});
}

void FunctionBuilder::build(const char* name) {
    make_function(name);
    for (std::size_t i = 0; i < flow_.places.size(); ++i) blocks_.push_back(new_block());
    for (std::size_t i = 0; i < flow_.places.size(); ++i) build_place(flow_.places[i], blocks_[i]);
    make_entries();
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

// Control comes in at the code's beginning and where a frame goes on after a call.
void FunctionBuilder::make_entries() {
    b_.SetInsertPoint(prologue_);
    set_gas(b_.CreateLoad(b_.getInt64Ty(), field(offsetof(Registers, gas))));
    llvm::BasicBlock* const begin = new_block();
    llvm::SwitchInst* const choice = b_.CreateSwitch(function_->getArg(2), begin);
    b_.SetInsertPoint(begin);
    b_.CreateBr(blocks_.front());
    entries_.push_back({0, 0});
    for (const Place& place : flow_.places) {
        const Block& block = flow_.blocks.at(place.pc);
        if (block.ending != Ending::Leaves || !place.runs) continue;
        const Entry entry{block.end, static_cast<std::uint32_t>(static_cast<int>(place.height) + block.change)};
        const int to = flow_.find(entry.pc, entry.height);
        if (to < 0) continue;
        llvm::BasicBlock* const stub = new_block();
        choice->addCase(b_.getInt32(static_cast<std::uint32_t>(entries_.size())), stub);
        entries_.push_back(entry);
        b_.SetInsertPoint(stub);
        for (std::uint32_t i = 0; i < entry.height; ++i)
            b_.CreateStore(b_.CreateAlignedLoad(words_.type(), arena_slot(i), llvm::Align(8)), slot(i));
        b_.CreateBr(blocks_[static_cast<std::size_t>(to)]);
    }
}

void FunctionBuilder::build_place(const Place& place, BasicBlock* into) {
    b_.SetInsertPoint(into);
    stack_.assign(place.height, nullptr);
    kept_.clear();
    if (!place.runs) return leave(place.pc, place.height);
    const Block& block = flow_.blocks.at(place.pc);
    const bool leaves_before_last = block.ending == Ending::Leaves || !place.is_known;
    bool pays = true;
    for (std::size_t i = 0; i < block.pcs.size(); ++i) {
        if (pays) pay_segment(block, i, !leaves_before_last);
        const bool is_last = i + 1 == block.pcs.size();
        if (is_last && block.ending != Ending::Falls) break;
        instruction(block.pcs[i]);
        pays = ends_segment(Opcode{code_.begin()[block.pcs[i]]});
    }
    end_block(place, block);
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

void FunctionBuilder::end_block(const Place& place, const Block& block) {
    const std::uint32_t last = block.pcs.back();
    switch (block.ending) {
        case Ending::Falls:
            flush();
            b_.CreateBr(edge(block.end, static_cast<std::uint32_t>(stack_.size())));
            return;
        case Ending::Leaves: return leave(last, static_cast<std::uint32_t>(stack_.size()));
        case Ending::Halts: return halt(Opcode{code_.begin()[last]});
        case Ending::Jumps:
        case Ending::Branches:
            if (!place.is_known) return leave(last, static_cast<std::uint32_t>(stack_.size()));
            return jump(place, block.end, block.ending == Ending::Branches);
    }
}

void FunctionBuilder::jump(const Place& place, std::uint32_t pc, bool branches) {
    Value* const target = pop();
    Value* const is_taken = branches ? words_.is_nonzero(pop()) : nullptr;
    flush();
    const auto height = static_cast<std::uint32_t>(stack_.size());
    BasicBlock* taken = bad_jump_;
    if (place.targets.size() == 1) {
        taken = edge(place.targets.front(), height);
    } else if (place.targets.size() > 1) {
        BasicBlock* const here = b_.GetInsertBlock();
        taken = new_block();
        b_.SetInsertPoint(taken);
        llvm::SwitchInst* const choice = b_.CreateSwitch(words_.limb(target, 0), edge(place.targets.front(), height),
                                                         static_cast<unsigned>(place.targets.size()));
        for (std::size_t i = 1; i < place.targets.size(); ++i)
            choice->addCase(b_.getInt64(place.targets[i]), edge(place.targets[i], height));
        b_.SetInsertPoint(here);
    }
    if (!branches) b_.CreateBr(taken);
    else b_.CreateCondBr(is_taken, taken, edge(pc, height));
}

// Puts the stack in its place and gives control to the machine before the instruction at `pc`.
void FunctionBuilder::leave(std::uint32_t pc, std::uint32_t height) {
    flush();
    const auto [known, is_new] = leaves_.try_emplace({pc, height}, nullptr);
    if (is_new) {
        BasicBlock* const here = b_.GetInsertBlock();
        known->second = new_block();
        b_.SetInsertPoint(known->second);
        for (std::uint32_t i = 0; i < height; ++i)
            b_.CreateAlignedStore(b_.CreateLoad(words_.type(), slot(i)), arena_slot(i), llvm::Align(8));
        b_.CreateStore(b_.getInt32(pc), field(offsetof(Registers, pc)));
        b_.CreateStore(b_.getInt32(height), field(offsetof(Registers, stack_size)));
        end_frame(Exit::Left);
        b_.SetInsertPoint(here);
    }
    b_.CreateBr(known->second);
}

void FunctionBuilder::end_frame(Exit exit) {
    b_.CreateStore(gas(), field(offsetof(Registers, gas)));
    b_.CreateRet(b_.getInt32(static_cast<std::uint32_t>(exit)));
}

void FunctionBuilder::fail(Status status) {
    b_.CreateStore(b_.getInt32(static_cast<std::uint32_t>(status)), field(offsetof(Registers, status)));
    end_frame(Exit::Ended);
}

llvm::BasicBlock* FunctionBuilder::edge(std::uint32_t pc, std::uint32_t height) {
    const int place = flow_.find(pc, height);
    if (place >= 0) return blocks_[static_cast<std::size_t>(place)];
    BasicBlock* const here = b_.GetInsertBlock();
    BasicBlock* const stub = new_block();
    b_.SetInsertPoint(stub);
    const auto stack = stack_, kept = kept_;
    stack_.assign(height, nullptr);
    kept_.assign(height, nullptr);
    leave(pc, height);
    stack_ = stack, kept_ = kept;
    b_.SetInsertPoint(here);
    return stub;
}

Value* FunctionBuilder::field(std::size_t offset) {
    return b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), registers_, offset);
}

Value* FunctionBuilder::arena_slot(std::uint32_t slot) {
    return b_.CreateConstInBoundsGEP1_64(words_.type(), bottom_, slot + 1);
}

AllocaInst* FunctionBuilder::slot(std::size_t index) {
    while (slots_.size() <= index) {
        llvm::IRBuilder<> in_prologue(prologue_, prologue_->begin());
        slots_.push_back(in_prologue.CreateAlloca(words_.type()));
    }
    return slots_[index];
}

Value* FunctionBuilder::at(std::size_t index) {
    if (kept_.size() < stack_.size()) kept_.resize(stack_.size());
    if (stack_[index] == nullptr) stack_[index] = kept_[index] = b_.CreateLoad(words_.type(), slot(index));
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
        if (stack_[i] != nullptr && stack_[i] != kept_[i]) b_.CreateStore(kept_[i] = stack_[i], slot(i));
}

}  // namespace interlock::vm::jit
