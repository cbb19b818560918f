// FunctionBuilder: one bytecode as one function in LLVM's IR.
//
// Each place of the flow (a block at a height) becomes a basic block. A stack slot is a local variable, which LLVM makes
// values of; inside a block even the variables are not touched. Gas is a local variable, too. A block pays for a segment
// of its instructions before the first: a segment ends where an instruction tells the gas, or may fail for another
// reason than gas. If a segment cannot be paid, the frame fails there for lack of gas and for nothing else.
#pragma once

#include <map>
#include <vector>

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include "vm/code.hpp"
#include "vm/jit/compiler/flow.hpp"
#include "vm/jit/compiler/words.hpp"
#include "vm/jit/registers.hpp"
#include "vm/message.hpp"

namespace interlock::vm::jit {

class FunctionBuilder {
  public:
    FunctionBuilder(llvm::Module& module, const Code& code, Fork fork, const Flow& flow);

    // Makes the function `name`, which has `Function`'s type. May be called once.
    void build(const char* name);

    // The places where it can be entered, by the number that it takes for them.
    struct Entry {
        std::uint32_t pc, height;
    };
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  private:
    using Value = llvm::Value;
    using BasicBlock = llvm::BasicBlock;

    // --- control (function_builder.cpp) ---
    void make_function(const char* name);
    void make_entries();
    void build_place(const Place& place, BasicBlock* into);
    void end_block(const Place& place, const Block& block);
    void jump(const Place& place, std::uint32_t pc, bool branches);
    void leave(std::uint32_t pc, std::uint32_t height);
    void end_frame(Exit exit);
    void fail(Status status);
    [[nodiscard]] BasicBlock* edge(std::uint32_t pc, std::uint32_t height);
    [[nodiscard]] BasicBlock* new_block() { return BasicBlock::Create(context_, "", function_); }
    [[nodiscard]] Value* field(std::size_t offset);
    [[nodiscard]] Value* arena_slot(std::uint32_t slot);
    [[nodiscard]] llvm::AllocaInst* slot(std::size_t index);

    // --- gas (function_builder.cpp) ---
    void pay_segment(const Block& block, std::size_t first, bool pays_last);
    [[nodiscard]] Value* gas() { return b_.CreateLoad(b_.getInt64Ty(), gas_); }
    void set_gas(Value* left) { b_.CreateStore(left, gas_); }
    void set_gas_or_fail(Value* left);
    void fail_unless(Value* holds, BasicBlock* failure);

    // --- the stack inside a block (function_builder.cpp) ---
    [[nodiscard]] Value* at(std::size_t index);
    [[nodiscard]] Value* pop();
    void push(Value* word);
    void flush();

    // --- instructions (instructions.cpp) ---
    void instruction(std::uint32_t pc);
    [[nodiscard]] bool arithmetic(Opcode opcode);
    [[nodiscard]] bool comparison(Opcode opcode);
    [[nodiscard]] bool environment(Opcode opcode, std::uint32_t pc);
    void divide(Opcode opcode);
    [[nodiscard]] bool modular(Opcode opcode);
    void by_machine(Opcode opcode);
    void halt(Opcode opcode);
    // --- memory (memory_instructions.cpp) ---
    [[nodiscard]] bool memory(Opcode opcode);
    [[nodiscard]] Value* memory_at(Value* offset, std::uint64_t bytes);
    void load_call_data();

    llvm::Module& module_;
    llvm::LLVMContext& context_;
    llvm::IRBuilder<> b_;
    Words words_;
    const Code& code_;
    const Fork fork_;
    const Flow& flow_;

    llvm::Function* function_ = nullptr;
    Value* registers_ = nullptr;
    Value* bottom_ = nullptr;
    llvm::AllocaInst* gas_ = nullptr;
    llvm::AllocaInst* operands_ = nullptr;
    std::vector<llvm::AllocaInst*> slots_;
    BasicBlock* prologue_ = nullptr;
    BasicBlock* out_of_gas_ = nullptr;
    BasicBlock* failed_ = nullptr;  // the status is set
    BasicBlock* bad_jump_ = nullptr;
    std::vector<BasicBlock*> blocks_;                                        // by place
    std::map<std::pair<std::uint32_t, std::uint32_t>, BasicBlock*> leaves_;  // by pc and height
    std::vector<Entry> entries_;
    llvm::MDNode* unlikely_ = nullptr;
    llvm::MDNode* invariant_ = nullptr;

    std::vector<Value*> stack_;  // of the block that is built; null: still as its variable has it
    std::vector<Value*> kept_;   // what the variables hold
};

}  // namespace interlock::vm::jit
