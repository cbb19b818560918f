// Checks specifications: invariants and the clauses of functions.
#pragma once

#include "lang/program/check/expressions/room.hpp"

namespace interlock::lang::checking {

class Clauses : public Room {
  public:
    explicit Clauses(const Room& room) : Room(room) {}

    void invariants(ContractId contract);
    void of_function(ContractId contract, FunctionId function);
    void check_labels(ContractId contract);

  private:
    void condition(const Surroundings& where, ExprId expr);
    void modified(ContractId contract, FunctionId function, ExprId path);
};

}  // namespace interlock::lang::checking
