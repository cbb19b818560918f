// What solc says of every expression: whether it is a constant, whether it can be assigned to and is, and whether its
// value is known without looking at state (`isConstant`, `isLValue`, `lValueRequested`, `isPure`).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lang/program.hpp"

namespace interlock::lang::ast {

struct Flags {
    bool is_constant = false, is_l_value = false, is_pure = false;
};

class ExpressionFlags {
  public:
    explicit ExpressionFlags(const Program& program);

    [[nodiscard]] Flags of(ExprId id);
    [[nodiscard]] bool is_requested(ExprId id) const { return requested_[id.index]; }  // as the target of a change

  private:
    void request(ExprId target);
    [[nodiscard]] Flags found(ExprId id);
    [[nodiscard]] Flags of_name(ExprId id) const;
    [[nodiscard]] Flags of_variable(VariableId id) const;
    [[nodiscard]] Flags of_member(ExprId id);
    [[nodiscard]] bool is_pure_member(ExprId id);
    [[nodiscard]] bool all_pure(const std::vector<ExprId>& list);
    [[nodiscard]] const Type& type_of(ExprId id) const { return program_[program_[id].type]; }

    const Program& program_;
    const Tree& tree_;
    std::vector<bool> requested_;
    std::vector<std::optional<Flags>> known_;
};

}  // namespace interlock::lang::ast
