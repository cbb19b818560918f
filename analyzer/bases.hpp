// Bases: tokens that nobody ever has any of, since they can only be moved, of which another contract here is made, and which no
// code names. In a file that brings its libraries along nobody deploys them by themselves: what they do is looked at where
// they are part of something.
#pragma once

#include <cstdint>
#include <set>

#include "lang/compile.hpp"

namespace interlock::analyzer {

// Returns whether the other one has every function of the one, some of them as they are.
[[nodiscard]] bool is_base_of(const lang::ir::Contract& one, const lang::ir::Contract& other);

// Returns which artifacts are only bases of others: nobody has any of the token; another one has all their functions, and those that change anything as
// they are; they state nothing; and nobody calls or makes one, or has a variable for one. None where scenarios are played.
[[nodiscard]] std::set<std::uint32_t> only_bases(const lang::Compilation& compilation);

}  // namespace interlock::analyzer
