// Tokens of the sources that do what is taken for granted of tokens of which there is no source (A216): who sends some is
// called before they move, and who gets them afterwards.
#pragma once

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

// Whether the contract has the functions of ERC-20, calls others by nothing but hooks, and moves what `balanceOf` tells at
// one instant of each call, `transfer` and `transferFrom` as said above.
[[nodiscard]] bool is_plain_token(const lang::ir::Contract& contract);

}  // namespace interlock::analyzer::prover
