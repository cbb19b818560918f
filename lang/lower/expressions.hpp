// Lowers expressions: finds the room for each kind, and converts the result to what the context needs.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Expressions : public Room {
  public:
    explicit Expressions(const Room& room) : Room(room) {}

    Result expression(ExprId id);
    Result evaluate(ExprId id);
    ir::Value value(ExprId id, std::optional<ir::Type> wanted = std::nullopt);

    // --- operands that are read or copied later ---
    Result unconverted(ExprId id);  // data to encode is read where it is
    Result pending(ExprId id, std::optional<ir::Type> wanted = std::nullopt);
    ir::Value unbounded(ExprId id, std::optional<ir::Type> wanted = std::nullopt);
    Datum datum(ExprId argument, TypeId type);
    std::vector<Datum> data_of(const std::vector<ExprId>& arguments);

  private:
    void refuse_fixed_point(ExprId id) const;
    Result tuple(ExprId id);
    Result conditional(ExprId id);
    Result conditional_reference(ExprId id, TypeId type);
    Result array_literal(ExprId id);
};

}  // namespace interlock::lang::lowering
