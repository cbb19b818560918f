// FunctionBuilder: one bytecode as one function in LLVM's IR: what its two kinds have in common.
//
// Inside a block stack words are values; between blocks they lie where the kind puts them. Gas is a local variable, of which
// LLVM makes values, too. A block pays for a segment of its instructions before the first: a segment ends where an
// instruction tells the gas, or may fail for another reason than gas. If a segment cannot be paid, the frame fails there
// for lack of gas and for nothing else.
#pragma once

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
    FunctionBuilder(llvm::Module& module, const Code& code, Fork fork);
    virtual ~FunctionBuilder() = default;

    // Makes the function `name`, which has `Function`'s type, or returns false if that would be too much. May be called once.
    [[nodiscard]] virtual bool build(const char* name) = 0;

    // The places where it can be entered, by the number that it takes for them.
    struct Entry {
        std::uint32_t pc, height;
    };
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

  protected:
    using Value = llvm::Value;
    using BasicBlock = llvm::BasicBlock;

    // --- the frame (function_builder.cpp) ---
    void make_function(const char* name);
    void end_frame(Exit exit);
    void fail(Status status);
    [[nodiscard]] BasicBlock* new_block() { return BasicBlock::Create(context_, "", function_); }
    [[nodiscard]] Value* field(std::size_t offset);
    void halt(Opcode opcode);
    // Builds a block's instructions and pays for them: all but the last one if that is not paid, or ends the block.
    void instructions(const Block& block, bool pays_last);

    // --- gas (function_builder.cpp) ---
    [[nodiscard]] Value* gas() { return b_.CreateLoad(b_.getInt64Ty(), gas_); }
    void set_gas(Value* left) { b_.CreateStore(left, gas_); }

    // --- the stack inside a block (function_builder.cpp) ---
    // Where a word lies between blocks.
    [[nodiscard]] virtual Value* slot(std::size_t index) = 0;
    [[nodiscard]] Value* at(std::size_t index);
    [[nodiscard]] Value* pop();
    void push(Value* word);
    void flush();

    llvm::Module& module_;
    llvm::LLVMContext& context_;
    llvm::IRBuilder<> b_;
    Words words_;
    const Code& code_;
    const Fork fork_;

    llvm::Function* function_ = nullptr;
    Value* registers_ = nullptr;
    Value* bottom_ = nullptr;
    BasicBlock* prologue_ = nullptr;
    BasicBlock* bad_jump_ = nullptr;
    std::vector<Entry> entries_;

    std::vector<Value*> stack_;  // of the block that is built; null: still where it lies
    std::vector<Value*> kept_;   // what lies there

  private:
    void pay_segment(const Block& block, std::size_t first, bool pays_last);
    void fail_unless(Value* holds, BasicBlock* failure);
    void set_gas_or_fail(Value* left);

    // --- instructions (instructions.cpp) ---
    void instruction(std::uint32_t pc);
    [[nodiscard]] bool arithmetic(Opcode opcode);
    [[nodiscard]] bool comparison(Opcode opcode);
    [[nodiscard]] bool environment(Opcode opcode, std::uint32_t pc);
    void divide(Opcode opcode);
    [[nodiscard]] bool modular(Opcode opcode);
    void by_machine(Opcode opcode);
    // --- memory (memory_instructions.cpp) ---
    [[nodiscard]] bool memory(Opcode opcode);
    [[nodiscard]] Value* memory_at(Value* offset, std::uint64_t bytes);
    void load_call_data();

    llvm::AllocaInst* gas_ = nullptr;
    llvm::AllocaInst* operands_ = nullptr;
    BasicBlock* out_of_gas_ = nullptr;
    BasicBlock* failed_ = nullptr;  // the status is set
    llvm::MDNode* unlikely_ = nullptr;
    llvm::MDNode* invariant_ = nullptr;
};

}  // namespace interlock::vm::jit
