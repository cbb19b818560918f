// Lowers operators. In code they are the machine's, checked unless the source says otherwise. In specifications numbers
// are unbounded and logical operators have no control flow.
#pragma once

#include <utility>

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Operators : public Room {
  public:
    explicit Operators(const Room& room) : Room(room) {}

    ir::Value unary(ExprId id);
    ir::Value binary(ExprId id);
    ir::Value arithmetic(BinaryOp op, ir::Value a, ir::Value b, const ir::Type& type, SourceRange range);
    [[nodiscard]] bool is_total(ExprId id) const;  // whether it cannot revert, has no effect and reads only words

  private:
    std::pair<ir::Value, ir::Value> operands(const Expr& expr, std::optional<ir::Type> left, std::optional<ir::Type> right);
    ir::Value shift_amount(ir::Value amount, SourceRange range);
    ir::Value divided_by_power(ir::Value number, ir::Value amount, const ir::Type& type, SourceRange range);
    ir::Value comparison(ExprId id);
    ir::Value logical(ExprId id);
    ir::Value short_circuit(ExprId id);
    ir::Value operator_call(ExprId id);
    ir::Value to_integer(ir::Value value, SourceRange range);
    [[nodiscard]] bool is_total_binary(const Expr& expr) const;
};

}  // namespace interlock::lang::lowering
