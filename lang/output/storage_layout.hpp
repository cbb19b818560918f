// A contract's storage as JSON in solc's shape: every variable with its slot and offset, and the types that occur.
// (Solidity documentation, "JSON Output" of "Layout of State Variables in Storage".) Numbers of
// nodes (astId, and behind the names of types) are those of lang/output/ast.
#pragma once

#include <string>

#include "lang/output/json.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang {

[[nodiscard]] Json storage_layout_json(const Program&, ContractId);
[[nodiscard]] Json transient_layout_json(const Program&, ContractId);  // the same of transient variables

// "uint256", "struct Bank.Account[]": what solc calls internalType, which is the name without a data location.
[[nodiscard]] std::string unlocated_name(const Program&, TypeId);

}  // namespace interlock::lang
