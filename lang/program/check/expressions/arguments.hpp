// Checks arguments: their number, their names, their types.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Arguments : public Room {
  public:
    explicit Arguments(const Room& room) : Room(room) {}

    bool check_count(ExprId id, std::size_t expected, SourceRange declared);
    // Returns named arguments in the order of the parameters. Their counts must be equal.
    std::optional<std::vector<ExprId>> arrange(ExprId id, const std::vector<VariableId>& parameters);
    void pass(ExprId id, const std::vector<ExprId>& arguments, const std::vector<TypeId>& parameters,
              const std::vector<VariableId>& names);
    // Checks the arguments of a modifier or of a base's constructor, as `what` says.
    void check_pack(const std::vector<VariableId>& parameters, const std::vector<ExprId>& arguments, SourceRange place,
                    std::string_view what, SourceRange declared);
};

}  // namespace interlock::lang::checking
