// What assembly can observe of a contract: known before anything is lowered, from the typed tree alone.
//
// Most contracts show assembly nothing, so values may be held and memory used as suits the IR. Where assembly looks at
// how much memory is allocated, at bits outside a variable's type, or at the number of a function, the code does exactly
// what solc's does.
#pragma once

#include <map>
#include <set>

#include "lang/program/program.hpp"

namespace interlock::lang::lowering {

class ContractLowering;

struct Sight {
    bool counts_memory = false;   // observes how much memory is allocated, so memory is allocated exactly as in solc
    bool tracks_dirt = false;     // writes words into variables of narrow types and reads such words, so these bits are kept
    std::set<FunctionId> called;  // functions that are called internally
    std::map<FunctionId, std::uint32_t> numbers;  // solc's numbers of the functions that are used as values
};

// Walks everything that the contract's lowering will lower.
[[nodiscard]] Sight sight_of(ContractLowering& contract);

}  // namespace interlock::lang::lowering
