// What is set to zero, field by field: `delete deals[id];` as `deals[id].owner = address(0); …`.
#pragma once

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

// Returns the contract with structs of which all fields are numbers and the like, or are left alone as mappings are, cleared
// by their fields.
[[nodiscard]] lang::ir::Contract with_plain_clears(lang::ir::Contract contract);

}  // namespace interlock::analyzer::prover
