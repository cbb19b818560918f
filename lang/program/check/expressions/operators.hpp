// Checks operators: the types that they take, and the common type of their operands. (Solidity reference, "Types" and
// "Operators".) Constant expressions of literals are computed here, exactly.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Operators : public Room {
  public:
    explicit Operators(const Room& room) : Room(room) {}

    TypeId unary(ExprId id);
    TypeId binary(ExprId id);
    // Returns the common type of the operands, or std::nullopt if there is no such operator.
    std::optional<TypeId> operand_type(BinaryOp op, TypeId a, TypeId b);
    // Returns whether an operation has the type of its left operand, whatever the type of the right one.
    [[nodiscard]] bool has_type_of_left(BinaryOp op, TypeId left) const;
    TypeId report_operands(ExprId id, BinaryOp op, TypeId a, TypeId b);
    bool check_divisor(ExprId divisor, BinaryOp op);  // that it is not a constant zero
    void warn_of_zero_divisor(ExprId divisor, BinaryOp op);

  private:
    TypeId increment(ExprId id);
    TypeId remove(ExprId id);
    TypeId logical(ExprId id);
    TypeId fold_constants(ExprId id, TypeId a, TypeId b);
    TypeId shift_or_power(ExprId id, TypeId a, TypeId b);
    TypeId common_power(ExprId id, TypeId a, TypeId b);
    TypeId specified_binary(ExprId id, TypeId a, TypeId b);
    [[nodiscard]] bool is_zero(ExprId constant) const;
};

[[nodiscard]] std::string_view symbol(BinaryOp op);
[[nodiscard]] bool is_comparison(BinaryOp op);

}  // namespace interlock::lang::checking
