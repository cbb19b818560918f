// Finds which function or modifier a name means in a most derived contract. Bodies are checked once, in the contract
// that contains them; what `virtual` and `super` lead to is known only for each contract that inherits them. (Solidity
// reference, "Function Overriding" and "Multiple Inheritance and Linearization".)
#pragma once

#include "lang/program/program.hpp"

namespace interlock::lang {

// Returns the function that a call of `function` by its plain name runs in `derived`: the most derived override.
[[nodiscard]] FunctionId resolve_virtual(const Program&, FunctionId function, ContractId derived);

// Returns the function that `super.function` in `caller` runs: the next implementation after `caller` in the
// linearization of `derived`. The id is empty if there is none, which the checker excludes.
[[nodiscard]] FunctionId resolve_super(const Program&, FunctionId function, ContractId caller, ContractId derived);

// Returns the modifier that `modifier` by its plain name means in `derived`. A library's modifier always means itself,
// since other contracts run the library's functions.
[[nodiscard]] ModifierId resolve_virtual(const Program&, ModifierId modifier, ContractId derived);

// Returns the constructor, receive or fallback function that a contract itself declares, or an empty id.
[[nodiscard]] FunctionId own_function(const Tree&, ContractId contract, FunctionKind kind);

// Returns the receive or fallback function of `derived`, its own or an inherited one.
[[nodiscard]] FunctionId inherited_function(const Program&, ContractId derived, FunctionKind kind);

// Returns the public state variable of `derived` or a base whose getter has the given key (FunctionInfo::key), or an
// empty id.
[[nodiscard]] VariableId getter_with_key(const Program&, ContractId derived, std::string_view key);

}  // namespace interlock::lang
