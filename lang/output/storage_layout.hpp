// A contract's storage layout as JSON in solc's format: every variable with its slot and offset, and the types that
// occur. (Solidity documentation, "JSON Output" of "Layout of State Variables in Storage".) Node numbers (astId, and at
// the end of type names) are those of lang/output/ast.
#pragma once

#include <string>

#include "lang/output/json.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang {

[[nodiscard]] Json storage_layout_json(const Program&, ContractId, std::uint32_t first_node = 0);
// The same for transient variables.
[[nodiscard]] Json transient_layout_json(const Program&, ContractId, std::uint32_t first_node = 0);

// Returns "uint256", "struct Bank.Account[]": solc's internalType, which is the name without a data location.
[[nodiscard]] std::string unlocated_name(const Program&, TypeId);

}  // namespace interlock::lang
