// Bystanders: contracts that hold nothing, call nobody and are called by nobody, and what others are made of, if that holds
// nothing and calls nobody. Nothing that is done to them matters to the others, and nobody can call back from them, so a
// search leaves their functions out.
#pragma once

#include <cstdint>
#include <set>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

// Returns whether some call that the one makes may reach a function of the other.
[[nodiscard]] bool may_call(const lang::ir::Contract& caller, const lang::ir::Contract& callee);

// Returns whether it calls a function of the other one that is no view, as far as the source tells.
[[nodiscard]] bool may_act_in(const lang::ir::Contract& caller, const lang::ir::Contract& callee);

// Returns whether it may call a function with one of these selectors: it names one, or calls with bytes that it is given.
[[nodiscard]] bool may_call_one_of(const lang::ir::Contract& caller, const std::set<std::uint32_t>& selectors);

// Returns whether another contract runs this one's code as its own, so that users call that one: this one's own storage is
// of no interest.
[[nodiscard]] bool is_spoken_for(const World& world, DeployedIndex index);

[[nodiscard]] bool is_bystander(const World& world, DeployedIndex index);

}  // namespace interlock::analyzer
