#include "vm/jit/compiler/place_builder.hpp"

namespace interlock::vm::jit {

using llvm::Value;

bool PlaceBuilder::build(const char* name) {
    make_function(name);
    for (std::size_t i = 0; i < flow_.places.size(); ++i) blocks_.push_back(new_block());
    for (std::size_t i = 0; i < flow_.places.size(); ++i) build_place(flow_.places[i], blocks_[i]);
    make_entries();
    return true;
}

// Control comes in at the code's beginning and where a frame goes on after a call.
void PlaceBuilder::make_entries() {
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

void PlaceBuilder::build_place(const Place& place, BasicBlock* into) {
    b_.SetInsertPoint(into);
    stack_.assign(place.height, nullptr);
    kept_.clear();
    if (!place.runs) return leave(place.pc, place.height);
    const Block& block = flow_.blocks.at(place.pc);
    const bool leaves_before_last = block.ending == Ending::Leaves || !place.is_known;
    instructions(block, !leaves_before_last);
    end_block(place, block);
}

void PlaceBuilder::end_block(const Place& place, const Block& block) {
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

void PlaceBuilder::jump(const Place& place, std::uint32_t pc, bool branches) {
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
void PlaceBuilder::leave(std::uint32_t pc, std::uint32_t height) {
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

llvm::BasicBlock* PlaceBuilder::edge(std::uint32_t pc, std::uint32_t height) {
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

Value* PlaceBuilder::arena_slot(std::uint32_t slot) {
    return b_.CreateConstInBoundsGEP1_64(words_.type(), bottom_, slot + 1);
}

Value* PlaceBuilder::slot(std::size_t index) {
    while (slots_.size() <= index) {
        llvm::IRBuilder<> in_prologue(prologue_, prologue_->begin());
        slots_.push_back(in_prologue.CreateAlloca(words_.type()));
    }
    return slots_[index];
}

}  // namespace interlock::vm::jit
