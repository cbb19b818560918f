// Why a proof gives up before it is decided.
#pragma once

#include <string>

#include "lang/diagnostics/source.hpp"

namespace interlock::analyzer::prover {

// A construct that the encoding does not cover. It is thrown only inside the prover; the code that runs a function
// catches it.
struct NotCovered {
    std::string what;  // "a loop", "delegatecall"
    lang::SourceRange range;
};

// Thrown when the time for the contract is used up.
struct OutOfTime {};

}  // namespace interlock::analyzer::prover
