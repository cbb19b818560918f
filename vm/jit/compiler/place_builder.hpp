// PlaceBuilder: a function in which each place of the flow (a block at a height) is a basic block.
//
// A stack slot is then a local variable, which LLVM makes values of, across blocks, too: the fastest form. Code that runs at
// many heights would need too many copies of its blocks.
#pragma once

#include <map>

#include "vm/jit/compiler/function_builder.hpp"

namespace interlock::vm::jit {

class PlaceBuilder final : public FunctionBuilder {
  public:
    PlaceBuilder(llvm::Module& module, const Code& code, Fork fork, const Flow& flow)
        : FunctionBuilder(module, code, fork), flow_(flow) {}

    [[nodiscard]] bool build(const char* name) override;

  private:
    void make_entries();
    void build_place(const Place& place, BasicBlock* into);
    void end_block(const Place& place, const Block& block);
    void jump(const Place& place, std::uint32_t pc, bool branches);
    void leave(std::uint32_t pc, std::uint32_t height);
    [[nodiscard]] BasicBlock* edge(std::uint32_t pc, std::uint32_t height);
    [[nodiscard]] Value* arena_slot(std::uint32_t slot);
    [[nodiscard]] Value* slot(std::size_t index) override;

    const Flow& flow_;
    std::vector<llvm::AllocaInst*> slots_;
    std::vector<BasicBlock*> blocks_;                                        // by place
    std::map<std::pair<std::uint32_t, std::uint32_t>, BasicBlock*> leaves_;  // by pc and height
};

}  // namespace interlock::vm::jit
