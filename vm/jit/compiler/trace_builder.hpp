// TraceBuilder: a function whose stack stays the machine's own, for code that runs at too many heights for places.
//
// A function of the source that calls itself, or that is called from everywhere, would need a copy of its blocks for each height.
// Here words are loaded from the stack and stored there where a trace begins and ends. So that this is seldom, a trace goes
// on through jumps whose destination is constant and behind branches, as translated code does; the ways out of it store
// what has changed. A trace checks the stack once. Jumps that are not constant choose among the destinations that are pushed
// for later; where they want another one, the frame goes on as bytecode.
#pragma once

#include <map>

#include "vm/jit/compiler/function_builder.hpp"

namespace interlock::vm::jit {

class TraceBuilder final : public FunctionBuilder {
  public:
    using FunctionBuilder::FunctionBuilder;

    [[nodiscard]] bool build(const char* name) override;

  private:
    static constexpr std::size_t max_stack = 1024;  // words
    static constexpr std::size_t max_trace_blocks = 48, max_visits = 2, max_heads = 1'500;

    [[nodiscard]] bool build_waiting();
    void build_trace(std::uint32_t pc, BasicBlock* head);
    [[nodiscard]] bool fits(const Block& block);
    [[nodiscard]] bool end_block(const Block& block);
    [[nodiscard]] bool jump(const Block& block);
    [[nodiscard]] bool branch(const Block& block);
    void jump_to_value(const Block& block, Value* target);
    [[nodiscard]] bool may_cross(std::uint32_t pc);
    [[nodiscard]] bool go_on_at(std::uint32_t pc);
    void leave(std::uint32_t pc);
    void enter_behind(const Block& block);
    [[nodiscard]] BasicBlock* head_of(std::uint32_t pc);
    [[nodiscard]] BasicBlock* way_out_to(std::uint32_t pc);
    [[nodiscard]] bool build_dispatch();
    [[nodiscard]] std::vector<std::uint32_t> destinations() const;

    // --- the stack: of the words, indices from `max_stack` on lie above those that were there at the trace's beginning ---
    void settle();
    [[nodiscard]] Value* slot(std::size_t index) override;
    [[nodiscard]] int growth() const { return static_cast<int>(stack_.size()) - static_cast<int>(max_stack); }
    [[nodiscard]] Value* height() {
        return b_.CreateAdd(base_, b_.getInt64(static_cast<std::uint64_t>(std::int64_t{growth()})));
    }

    std::map<std::uint32_t, BasicBlock*> heads_;  // by pc
    std::vector<std::uint32_t> waiting_;          // pcs of heads that are not built yet
    std::size_t copied_ = 0;                      // instructions that may be in several traces
    BasicBlock* dispatch_ = nullptr;              // goes to the destination in `target_`, for the jump in `site_`
    BasicBlock* astray_ = nullptr;                // where that is none of those that are known
    std::vector<Block> sites_;                    // the blocks that end with such jumps
    llvm::AllocaInst* height_ = nullptr;          // of the stack, between traces
    llvm::AllocaInst* target_ = nullptr;
    llvm::AllocaInst* site_ = nullptr;
    llvm::SwitchInst* entry_ = nullptr;

    // Of the trace that is built.
    Value* base_ = nullptr;  // the height at its beginning
    Value* top_ = nullptr;   // the address of the top word then
    int need_ = 0, most_growth_ = 0;
    std::uint32_t pc_ = 0;  // of the next block
    std::map<std::uint32_t, std::size_t> visits_;
    std::size_t trace_blocks_ = 0;
};

}  // namespace interlock::vm::jit
