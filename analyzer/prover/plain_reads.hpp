// Numbers that are read twice with no write between, or read where they were just written, are one number.
#pragma once

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

// Returns the contract that reads each number in a variable once, as long as nothing may have changed it, and computes once what
// it computes of the same words: so `id = n + 1; n += 1` and `n += 1; id = n` are `id = ++n`.
[[nodiscard]] lang::ir::Contract with_plain_reads(lang::ir::Contract contract);

}  // namespace interlock::analyzer::prover
