// Which function or modifier a name means in a most derived contract. The bodies are checked once, in the contract that
// writes them; what `virtual` and `super` lead to is only known for each contract that inherits them.
// (Solidity reference, "Function Overriding" and "Multiple Inheritance and Linearization".)
#pragma once

#include "lang/program/program.hpp"

namespace interlock::lang {

// What a call of `function` by its plain name runs in `derived`: the most derived override.
[[nodiscard]] FunctionId resolve_virtual(const Program&, FunctionId function, ContractId derived);

// What `super.function` runs where it is written in `caller`: the next implementation behind `caller` in the linearization
// of `derived`. The id is empty where there is none, which the checker has ruled out.
[[nodiscard]] FunctionId resolve_super(const Program&, FunctionId function, ContractId caller, ContractId derived);

// What `modifier` by its plain name means in `derived`. That of a library, whose functions others run in their own code,
// means nothing else there.
[[nodiscard]] ModifierId resolve_virtual(const Program&, ModifierId modifier, ContractId derived);

// The constructor, receive or fallback function that a contract itself declares; an empty id where it declares none.
[[nodiscard]] FunctionId own_function(const Tree&, ContractId contract, FunctionKind kind);

// The receive or fallback function that `derived` has, its own or inherited.
[[nodiscard]] FunctionId inherited_function(const Program&, ContractId derived, FunctionKind kind);

// The public state variable of `derived` or a base whose getter has the given key (FunctionInfo::key); or empty.
[[nodiscard]] VariableId getter_with_key(const Program&, ContractId derived, std::string_view key);

}  // namespace interlock::lang
