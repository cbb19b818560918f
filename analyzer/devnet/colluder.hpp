// The colluder: a second contract of hers, for what takes two parties. It is one of the environment's contracts, makes the
// calls that she asks it for, and hands to her contract whatever control reaches it.
#pragma once

#include <optional>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

inline constexpr std::string_view colluder_name = "Colluder";
// The same, but each call is made by a contract that was just made for it, which has no code yet.
inline constexpr std::string_view nursery_name = "Nursery";

[[nodiscard]] std::optional<DeployedIndex> colluder_of(const World& world);

// Returns the call that makes the colluder make a call.
[[nodiscard]] Call through_colluder(const World& world, DeployedIndex colluder, const Call& call);

// Returns the call that the colluder is to make, if this one is such, and a contract of the world is called.
[[nodiscard]] std::optional<Call> carried_call(const World& world, const Call& call);

}  // namespace interlock::analyzer
