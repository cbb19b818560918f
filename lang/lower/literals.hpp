// Lowers constants and texts, whose types follow from what the context wants.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Literals : public Room {
  public:
    explicit Literals(const Room& room) : Room(room) {}

    // Returns the type to which the context converts the expression, if values can have that type.
    [[nodiscard]] std::optional<ir::Type> wanted_type(ExprId id, std::optional<ir::Type> wanted) const;
    ir::Value constant(ExprId id, std::optional<ir::Type> wanted);
    ir::Value literal(std::string_view data, const ir::Type& type, SourceRange range);
    ir::Value text(std::string_view data, const ir::Type& type, SourceRange range);  // folds a text that is known
};

}  // namespace interlock::lang::lowering
