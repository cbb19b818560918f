// Questions: what a contract asks of an address that it keeps, found by running it.
//
// Bytecode does not tell what it expects at an address, nor does source that calls by selector alone. So the address gets
// code that agrees to everything, the contract's functions are called, and the selectors that arrive are the role.
#pragma once

#include <set>

#include "analyzer/deadline.hpp"
#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

struct Questions {
    std::set<std::uint32_t> selectors;  // with which the address is called
    std::set<std::uint32_t> rights;     // of functions in which the caller was compared with the address
};

// Returns what `asker` does with an address that it keeps. The world is left as it was.
[[nodiscard]] Questions questions_to(const Address& address, const DeployedContract& asker, const World& world,
                                     const Deadline& deadline);

// Returns an interface that has just these functions.
[[nodiscard]] lang::ir::Contract interface_of(const std::set<std::uint32_t>& selectors);

}  // namespace interlock::analyzer
