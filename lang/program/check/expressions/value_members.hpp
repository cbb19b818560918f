// Checks members of values.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class ValueMembers : public Room {
  public:
    explicit ValueMembers(const Room& room) : Room(room) {}

    TypeId of_address(ExprId id, bool payable);
    // `attached`: what `using` attaches to its type under that name, beside its own functions.
    TypeId of_contract(ExprId id, ContractId contract, const Expr* call, const std::vector<Declared>& attached);
    TypeId of_struct(ExprId id, const Type& type);
    TypeId of_bytes(ExprId id, TypeId base);
    TypeId of_array(ExprId id, const Type& type);
    TypeId of_function(ExprId id);

  private:
    [[nodiscard]] bool only_names(ExprId id) const;
    [[nodiscard]] bool is_slice(ExprId id) const;
    TypeId report_length_of_slice(ExprId id);
    [[nodiscard]] bool shows_selector(FunctionId function, FunctionForm form) const;
};

}  // namespace interlock::lang::checking
