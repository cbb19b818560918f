// Lowers calls: conversions, struct constructors and calls of the contract's own functions. Calls that leave the contract
// are in external_calls.hpp, built-in functions in builtins.hpp.
#pragma once

#include "lang/lower/room.hpp"

namespace interlock::lang::lowering {

class Calls : public Room {
  public:
    explicit Calls(const Room& room) : Room(room) {}

    Result call(ExprId id);  // finds the room for it
    // Returns the results of a call of the contract's function.
    Result results_of(std::uint32_t function, ir::Values arguments, const std::vector<TypeId>& types, SourceRange range);

    // --- arguments, evaluated in the written order and returned in the order of the parameters ---
    ir::Values arguments(ExprId call, const std::vector<ir::NamedType>& parameters);  // as values of the IR
    ir::Values words_for(ExprId call, const std::vector<TypeId>& parameters);         // as the words of variables
    std::vector<Datum> data_for(ExprId call, const std::vector<TypeId>& parameters);  // to encode

  private:
    Result conversion(ExprId id);
    Result reference_conversion(ExprId id, ExprId argument);
    Result struct_constructor(ExprId id);
    Result internal_call(ExprId id);
    Result call_of_taken_in(ExprId id);
    Datum copied(const Datum& given, TypeId type, SourceRange range);
    Result function_value_call(ExprId id);
    template <class Evaluate>
    void each_argument(ExprId call, Evaluate evaluate);
};

}  // namespace interlock::lang::lowering
