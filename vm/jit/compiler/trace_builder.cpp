#include "vm/jit/compiler/trace_builder.hpp"

#include <set>

#include "vm/failing_code.hpp"

namespace interlock::vm::jit {

using llvm::Value;

bool TraceBuilder::build(const char* name) {
    make_function(name);
    b_.SetInsertPoint(prologue_);
    height_ = b_.CreateAlloca(b_.getInt64Ty());
    target_ = b_.CreateAlloca(b_.getInt64Ty());
    site_ = b_.CreateAlloca(b_.getInt32Ty());
    set_gas(b_.CreateLoad(b_.getInt64Ty(), field(offsetof(Registers, gas))));
    Value* const height = b_.CreateLoad(b_.getInt32Ty(), field(offsetof(Registers, stack_size)));
    b_.CreateStore(b_.CreateZExt(height, b_.getInt64Ty()), height_);
    entry_ = b_.CreateSwitch(function_->getArg(2), head_of(0));
    entries_.push_back({0, 0});
    return build_waiting() && (dispatch_ == nullptr || build_dispatch());
}

bool TraceBuilder::build_waiting() {
    while (!waiting_.empty()) {
        if (heads_.size() > max_heads) return false;
        const std::uint32_t pc = waiting_.back();
        waiting_.pop_back();
        build_trace(pc, heads_.at(pc));
    }
    return true;
}

// The destinations that are pushed, except where a jump follows at once.
std::vector<std::uint32_t> TraceBuilder::destinations() const {
    std::set<std::uint32_t> found;
    for (std::uint32_t pc = 0; pc < code_.size(); pc += 1u + info(code_.begin()[pc]).immediate) {
        const std::uint8_t immediate = info(code_.begin()[pc]).immediate;
        const Opcode next{code_.begin()[std::min<std::size_t>(pc + 1u + immediate, code_.size())]};
        if (immediate == 0 || immediate > 3 || next == Opcode::JUMP || next == Opcode::JUMPI) continue;
        std::uint32_t value = 0;
        for (std::uint32_t i = 1; i <= immediate; ++i) value = value << 8 | code_.begin()[pc + i];
        if (code_.is_jump_target(value)) found.insert(value);
    }
    return {found.begin(), found.end()};
}

bool TraceBuilder::build_dispatch() {
    const std::vector<std::uint32_t> all = destinations();
    for (const std::uint32_t pc : all) static_cast<void>(head_of(pc));
    if (!build_waiting()) return false;
    b_.SetInsertPoint(dispatch_);
    Value* const target = b_.CreateLoad(b_.getInt64Ty(), target_);
    llvm::SwitchInst* const choice = b_.CreateSwitch(target, astray_, static_cast<unsigned>(all.size()));
    for (const std::uint32_t pc : all) choice->addCase(b_.getInt64(pc), heads_.at(pc));
    // The jump is taken back: the words that it took still lie there.
    b_.SetInsertPoint(astray_);
    llvm::SwitchInst* const back = b_.CreateSwitch(b_.CreateLoad(b_.getInt32Ty(), site_), bad_jump_);
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        BasicBlock* const way = new_block();
        back->addCase(b_.getInt32(static_cast<std::uint32_t>(i)), way);
        b_.SetInsertPoint(way);
        const Opcode opcode{code_.begin()[sites_[i].pcs.back()]};
        set_gas(b_.CreateAdd(gas(), b_.getInt64(static_cast<std::uint64_t>(base_gas(opcode, fork_).units))));
        base_ = b_.CreateAdd(b_.CreateLoad(b_.getInt64Ty(), height_), b_.getInt64(info(opcode).stack_in));
        stack_.assign(max_stack, nullptr);
        leave(sites_[i].pcs.back());
    }
    return true;
}

llvm::BasicBlock* TraceBuilder::head_of(std::uint32_t pc) {
    const auto [known, is_new] = heads_.try_emplace(pc, nullptr);
    if (is_new) {
        known->second = new_block();
        waiting_.push_back(pc);
    }
    return known->second;
}

void TraceBuilder::build_trace(std::uint32_t pc, BasicBlock* head) {
    b_.SetInsertPoint(head);
    base_ = b_.CreateLoad(b_.getInt64Ty(), height_);
    top_ = b_.CreateInBoundsGEP(words_.type(), bottom_, base_);
    BasicBlock* const body = new_block();
    b_.SetInsertPoint(body);
    stack_.assign(max_stack, nullptr);
    kept_.assign(max_stack, nullptr);
    need_ = most_growth_ = 0;
    visits_.clear();
    visits_[pc] = max_visits;
    trace_blocks_ = 0;
    pc_ = pc;
    for (;;) {
        const Block block = read_block(code_, fork_, pc_);
        if (!fits(block)) {
            leave(block.begin);
            break;
        }
        if (trace_blocks_++ != 0) copied_ += block.pcs.size();
        instructions(block, block.ending != Ending::Leaves);
        if (!end_block(block)) break;
    }
    // Where the stack does not suit, the frame leaves before the trace, in which perhaps only a branch would have failed.
    BasicBlock* const unsuited = new_block();
    b_.SetInsertPoint(head);
    Value* const has_words = b_.CreateICmpUGE(base_, b_.getInt64(static_cast<std::uint64_t>(need_)));
    Value* const has_room = b_.CreateICmpULE(base_, b_.getInt64(max_stack - static_cast<std::uint64_t>(most_growth_)));
    b_.CreateCondBr(b_.CreateAnd(has_words, has_room), body, unsuited);
    b_.SetInsertPoint(unsuited);
    stack_.assign(max_stack, nullptr);
    leave(pc);
}

// Counts what the block asks of the stack, unless no stack has that.
bool TraceBuilder::fits(const Block& block) {
    const int need = std::max(need_, block.need - growth()), most = std::max(most_growth_, growth() + block.growth);
    if (need + most > static_cast<int>(max_stack)) return false;
    need_ = need;
    most_growth_ = most;
    return true;
}

// Returns whether the trace goes on, at `pc_`.
bool TraceBuilder::end_block(const Block& block) {
    switch (block.ending) {
        case Ending::Falls: return go_on_at(block.end);
        case Ending::Jumps: return jump(block);
        case Ending::Branches: return branch(block);
        case Ending::Halts: return halt(Opcode{code_.begin()[block.pcs.back()]}), false;
        case Ending::Leaves: enter_behind(block); return leave(block.pcs.back()), false;
    }
    return false;
}

bool TraceBuilder::jump(const Block& block) {
    const auto* const known = llvm::dyn_cast<llvm::ConstantInt>(at(stack_.size() - 1));
    if (known == nullptr) flush();
    Value* const target = pop();
    if (known == nullptr) return jump_to_value(block, target), false;
    const std::uint64_t pc = known->getValue().getLimitedValue();
    if (code_.is_jump_target(pc)) return go_on_at(static_cast<std::uint32_t>(pc));
    return b_.CreateBr(bad_jump_), false;
}

// The trace goes on where control probably goes: not into code that fails, and around a loop only once.
bool TraceBuilder::branch(const Block& block) {
    const auto* const known = llvm::dyn_cast<llvm::ConstantInt>(at(stack_.size() - 1));
    if (known == nullptr) flush();
    Value* const target = pop();
    Value* const is_taken = words_.is_nonzero(pop());
    if (known == nullptr) {
        settle();
        BasicBlock* const taken = new_block();
        b_.CreateCondBr(is_taken, taken, head_of(block.end));
        b_.SetInsertPoint(taken);
        return jump_to_value(block, target), false;
    }
    const std::uint64_t word = known->getValue().getLimitedValue();
    const bool is_valid = code_.is_jump_target(word);
    const auto pc = static_cast<std::uint32_t>(word);
    const bool target_fails = !is_valid || does_little_but_fail(code_, fork_, pc);
    BasicBlock* const next = new_block();
    if (!target_fails && does_little_but_fail(code_, fork_, block.end) && may_cross(pc)) {
        b_.CreateCondBr(is_taken, next, way_out_to(block.end));
        pc_ = pc;
    } else {
        b_.CreateCondBr(is_taken, is_valid ? way_out_to(pc) : bad_jump_, next);
        pc_ = block.end;
    }
    b_.SetInsertPoint(next);
    const bool is_loop = !target_fails && pc_ == block.end && pc <= block.end;
    if (pc_ == pc || (!is_loop && may_cross(pc_))) return true;
    settle();
    return b_.CreateBr(head_of(pc_)), false;
}

// All words are where they lie, those that the jump takes, too.
void TraceBuilder::jump_to_value(const Block& block, Value* target) {
    if (dispatch_ == nullptr) dispatch_ = new_block(), astray_ = new_block();
    settle();
    b_.CreateStore(words_.limb(target, 0), target_);
    b_.CreateStore(b_.getInt32(static_cast<std::uint32_t>(sites_.size())), site_);
    sites_.push_back(block);
    b_.CreateCondBr(words_.fits_u64(target), dispatch_, astray_);
}

bool TraceBuilder::may_cross(std::uint32_t pc) {
    return trace_blocks_ < max_trace_blocks && copied_ < code_.size() / 2 && visits_[pc]++ < max_visits;
}

bool TraceBuilder::go_on_at(std::uint32_t pc) {
    pc_ = pc;
    if (may_cross(pc)) return true;
    settle();
    return b_.CreateBr(head_of(pc)), false;
}

// A branch's other way: what has changed is stored there, and here it goes on as a value.
llvm::BasicBlock* TraceBuilder::way_out_to(std::uint32_t pc) {
    BasicBlock* const here = b_.GetInsertBlock();
    BasicBlock* const way = new_block();
    b_.SetInsertPoint(way);
    const auto kept = kept_;
    settle();
    kept_ = kept;
    b_.CreateBr(head_of(pc));
    b_.SetInsertPoint(here);
    return way;
}

void TraceBuilder::settle() {
    flush();
    b_.CreateStore(height(), height_);
}

// Gives control to the machine before the instruction at `pc`.
void TraceBuilder::leave(std::uint32_t pc) {
    flush();
    b_.CreateStore(b_.getInt32(pc), field(offsetof(Registers, pc)));
    b_.CreateStore(b_.CreateTrunc(height(), b_.getInt32Ty()), field(offsetof(Registers, stack_size)));
    end_frame(Exit::Left);
}

// The frame comes in again behind the call, at whatever height.
void TraceBuilder::enter_behind(const Block& block) {
    for (const Entry& entry : entries_)
        if (entry.pc == block.end && entry.height == any_height) return;
    entry_->addCase(b_.getInt32(static_cast<std::uint32_t>(entries_.size())), head_of(block.end));
    entries_.push_back({block.end, any_height});
}

Value* TraceBuilder::slot(std::size_t index) {
    const std::int64_t distance = static_cast<std::int64_t>(index) - static_cast<std::int64_t>(max_stack - 1);
    return b_.CreateConstInBoundsGEP1_64(words_.type(), top_, static_cast<std::uint64_t>(distance));
}

}  // namespace interlock::vm::jit
