// Writes the attacker's contract, in our own language, from a plan: it does exactly what the plan says she does.
#pragma once

#include <set>
#include <string>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

// Returns the contracts that the attacker's contract must know, in their order in the world: those that it calls, and
// those whose addresses it passes on. Its constructor takes their addresses in this order.
[[nodiscard]] std::vector<DeployedIndex> known_to_attacker(const World& world, const Plan& plan);

// Adds the words of the value, and of the values in it, as addresses.
void add_addresses(const lang::abi::Data& data, std::set<Address>& addresses);

// Returns the names of the functions that she calls on her contract: "attack", "attack2" for her own transactions, and
// "prepare3" before the third transaction, if control reaches her in it and she must know that it is the third.
[[nodiscard]] std::string attack_function(std::size_t number);
[[nodiscard]] std::string prepare_function(std::size_t transaction);
// Returns whether her contract must be prepared for this transaction of the plan.
[[nodiscard]] bool needs_preparation(const Plan& plan, std::size_t transaction);

// Returns whether her contract must be there before this transaction: it acts in it, or somebody names it.
[[nodiscard]] bool involves_attacker(const World& world, const PlannedTransaction& planned);

// Returns whether source can call the function by its name. Of a contract that is known by its bytecode, a function may
// have none, or a word of the language.
[[nodiscard]] bool has_name(const lang::ir::Function& function);

[[nodiscard]] std::string write_attacker(const World& world, const Plan& plan);

}  // namespace interlock::analyzer
