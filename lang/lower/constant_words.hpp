// The words of expressions of uint256 and bytes32 that are known from the source alone, such as slots of namespaced
// storage (ERC-7201): keccak256(abi.encode(uint256(keccak256("example.main")) - 1)) & ~bytes32(uint256(0xff)).
#pragma once

#include <optional>

#include "lang/lower/typed_tree.hpp"
#include "vm/word.hpp"

namespace interlock::lang::lowering {

class ConstantWords : private TypedTree {
  public:
    using TypedTree::TypedTree;

    // Returns what the expression always is, or std::nullopt if that is not seen, or it may fail.
    [[nodiscard]] std::optional<vm::Word> of(ExprId id) const;
    // Whether it is, or names, keccak256 of a text: a name, of which more is known than its hash.
    [[nodiscard]] bool is_hashed_text(ExprId id) const;

  private:
    [[nodiscard]] bool is_whole_word(TypeId type) const;
    // Returns what the constant is that the expression names, or nothing.
    [[nodiscard]] ExprId named_constant(ExprId id) const;
    [[nodiscard]] std::optional<vm::Word> of_call(ExprId id) const;
    [[nodiscard]] std::optional<vm::Word> hash_of(ExprId bytes) const;
    [[nodiscard]] std::optional<vm::Word> combined(const Expr& expr) const;
};

}  // namespace interlock::lang::lowering
