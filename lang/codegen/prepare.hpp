// Prepares a function for emission by removing everything that leaves no trace in the bytecode.
//
//     %3 = convert %1 to uint256        (%1: uint8)          uses of %3 become uses of %1
//     %4 = result 0 of %2 (a second time)                    uses become uses of the first
//     check %5; assume %6; %7 = sum(balances)                removed, with everything that only they need
//     b2(%8, %9), %9 never needed                            b2(%8), and no jump passes %9
#pragma once

#include "lang/ir/ir.hpp"

namespace interlock::lang::codegen {

struct Prepared {
    ir::Function function;
    std::vector<ir::Type> types;  // by value
    // By result, for instructions that depend on them (conversions, comparisons, encodings): the types of the operands
    // as written. The value that replaces an operand may have another type.
    std::vector<ir::Type> operand_types;
    std::vector<std::uint32_t> first_operand_type;  // by result: where its types begin in `operand_types`
    std::vector<ir::BlockIndex> order;              // reachable blocks in reverse postorder
    std::vector<bool> needed;                       // by value; only parameters of the function may be unneeded
    std::vector<ir::Values> results;                // by the value of an InternalCall: the values of its results
    // By block that ends with an external call: the parameters of the next block that take its results; std::nullopt if
    // unneeded.
    std::vector<ir::Values> call_results;
};

[[nodiscard]] Prepared prepare(const ir::Function& function);

// Returns whether a conversion leaves the word unchanged.
[[nodiscard]] bool keeps_word(const ir::Type& from, const ir::Type& to);

}  // namespace interlock::lang::codegen
