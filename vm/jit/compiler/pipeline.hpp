// The way from IR to an object file: LLVM's passes, and its code generator for this processor.
//
// The passes are the short list that was measured to be worth it: value numbering across blocks costs as much as all of
// them and gives nothing for such code.
#pragma once

#include <memory>
#include <string>

#include <llvm/ADT/SmallVector.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/PassManager.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Target/TargetMachine.h>

namespace interlock::vm::jit {

// Passes from IR to IR, made once: that takes as long as optimising a short function.
class PassList {
  public:
    PassList(llvm::TargetMachine&, const char* passes);
    void run(llvm::Module&);

  private:
    llvm::PassBuilder builder_;
    llvm::LoopAnalysisManager loops_;
    llvm::FunctionAnalysisManager functions_;
    llvm::CGSCCAnalysisManager components_;
    llvm::ModuleAnalysisManager modules_;
    llvm::ModulePassManager passes_;
};

class Pipeline {
  public:
    // This thread's; null if LLVM does not know the processor.
    [[nodiscard]] static Pipeline* of_this_thread();

    explicit Pipeline(std::unique_ptr<llvm::TargetMachine>);

    void prepare(llvm::Module&) const;  // an empty one
    void optimise(llvm::Module& module) { all_.run(module); }
    void simplify(llvm::Module& module) { few_.run(module); }  // a fourth of the time
    // Little effort: no instruction is looked at twice, and registers are given out as they come.
    [[nodiscard]] llvm::SmallVector<char, 0> assemble(llvm::Module&, bool little_effort);

  private:
    std::unique_ptr<llvm::TargetMachine> target_;
    PassList all_, few_;
};

[[nodiscard]] std::string host_features();

}  // namespace interlock::vm::jit
