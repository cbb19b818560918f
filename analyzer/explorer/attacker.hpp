// Writes the attack out: the attacker's side of a plan as a contract in our own language.
//
// Her transactions become functions. What she does when she is called becomes `receive`, `fallback` and the functions
// that the victim calls back, which count how often control has reached them. The contract is compiled and deployed at
// the attacker's address, and repeats the plan on the plain VM, where nothing yields.
#pragma once

#include <string>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

// Returns the name of the function for the plan's `number`-th attack transaction (from 1): "attack", "attack2", …
[[nodiscard]] std::string attack_function(std::size_t number);

[[nodiscard]] std::string write_attacker(const World& world, const Plan& plan);

// The contract's constructor takes the victims' addresses in this order.
[[nodiscard]] std::vector<DeployedIndex> victims_of(const Plan& plan);

}  // namespace interlock::analyzer
