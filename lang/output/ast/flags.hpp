// solc's flags of every expression: whether it is a constant, whether it can be assigned to and is, and whether its
// value is known without reading state (`isConstant`, `isLValue`, `lValueRequested`, `isPure`).
#pragma once

#include <vector>

#include "lang/program/program.hpp"

namespace interlock::lang::ast {

struct Flags {
    bool is_constant = false, is_l_value = false, is_pure = false;
};

class ExpressionFlags {
  public:
    explicit ExpressionFlags(const Program& program);

    [[nodiscard]] Flags of(ExprId id) const;
    // Returns whether the expression is the target of a change.
    [[nodiscard]] bool is_requested(ExprId id) const { return requested_[id.index]; }

  private:
    void request(ExprId target);
    [[nodiscard]] bool is_constant(ExprId id) const;
    [[nodiscard]] bool is_l_value(ExprId id) const;
    [[nodiscard]] const Type& type_of(ExprId id) const { return program_[program_[id].type]; }

    const Program& program_;
    const Tree& tree_;
    std::vector<bool> requested_;
};

}  // namespace interlock::lang::ast
