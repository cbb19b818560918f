// 256-bit words in LLVM's IR, for what its own operations do badly: comparisons for equality, which it makes of vectors,
// and shifts by amounts that are not constant, which it makes through memory.
#pragma once

#include <array>

#include <llvm/IR/IRBuilder.h>

namespace interlock::vm::jit {

class Words {
  public:
    explicit Words(llvm::IRBuilder<>& builder) : b_(builder) {}

    [[nodiscard]] llvm::IntegerType* type() const { return b_.getIntNTy(256); }
    [[nodiscard]] llvm::ConstantInt* constant(std::uint64_t value) const { return llvm::ConstantInt::get(type(), value); }
    [[nodiscard]] llvm::Value* limb(llvm::Value* word, unsigned index) const;
    [[nodiscard]] llvm::Value* from_u64(llvm::Value* value) const { return b_.CreateZExt(value, type()); }
    [[nodiscard]] llvm::Value* from_flag(llvm::Value* flag) const { return b_.CreateZExt(flag, type()); }

    // --- questions, answered by an i1 ---
    [[nodiscard]] llvm::Value* is_nonzero(llvm::Value* word) const;
    [[nodiscard]] llvm::Value* is_equal(llvm::Value* a, llvm::Value* b) const;
    [[nodiscard]] llvm::Value* fits_u64(llvm::Value* word) const;
    [[nodiscard]] llvm::Value* both_fit_u64(llvm::Value* a, llvm::Value* b) const;

    // --- instructions ---
    [[nodiscard]] llvm::Value* shift_left(llvm::Value* value, llvm::Value* bits) const;
    [[nodiscard]] llvm::Value* shift_right(llvm::Value* value, llvm::Value* bits, bool is_signed) const;
    [[nodiscard]] llvm::Value* byte(llvm::Value* word, llvm::Value* index) const;

  private:
    using Limbs = std::array<llvm::Value*, 4>;
    [[nodiscard]] Limbs split(llvm::Value* word) const;
    [[nodiscard]] llvm::Value* join(const Limbs& limbs) const;
    [[nodiscard]] llvm::Value* upper(llvm::Value* word) const;  // or of all limbs but the lowest
    [[nodiscard]] llvm::Value* choose(llvm::Value* flag, llvm::Value* then, llvm::Value* otherwise) const {
        return b_.CreateSelect(flag, then, otherwise);
    }

    llvm::IRBuilder<>& b_;
};

}  // namespace interlock::vm::jit
