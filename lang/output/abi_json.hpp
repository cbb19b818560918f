// The contract ABI as JSON.
#pragma once

#include <string>

#include "lang/ir/ir.hpp"
#include "lang/output/json.hpp"

namespace interlock::lang::abi {

// The contract's interface as solc's `--abi` prints it: one line, sorted by type and name, without internalType.
[[nodiscard]] Json json_of(const ir::Contract& contract);
[[nodiscard]] std::string to_json(const ir::Contract& contract);

}  // namespace interlock::lang::abi
