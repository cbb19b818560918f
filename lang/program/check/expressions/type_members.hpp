// Checks members of names that are not values: files, types, `super` and `type(T)`.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class TypeMembers : public Room {
  public:
    explicit TypeMembers(const Room& room) : Room(room) {}

    TypeId of_module(ExprId id, const Expr* call);
    TypeId of_type(ExprId id, TypeId meant, const Expr* call);
    TypeId of_super(ExprId id, const Expr* call);
    TypeId of_information(ExprId id, TypeId meant);  // of type(T)

  private:
    TypeId of_value_type(ExprId id, TypeId meant);
    TypeId of_contract(ExprId id, ContractId contract, const Expr* call);
    TypeId report_missing(ExprId id, ContractId contract);
    TypeId code_of(ExprId id, ContractId contract);
};

}  // namespace interlock::lang::checking
