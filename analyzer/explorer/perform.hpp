// Performs a plan in a world where the attacker's contract is a stranger: what she does is read from the plan.
#pragma once

#include <functional>

#include "analyzer/devnet/world.hpp"

namespace interlock::analyzer {

// Called with the message by which control reaches her contract, before she acts. It may be empty.
using YieldHook = std::function<void(const vm::Message&, const std::optional<Activation::Origin>& during)>;

// Executes one transaction of a plan and the waiting before it. Returns whether it, and every call that she makes in it,
// succeeded, and control reached her as often as the plan says. Where it does so more often, she returns at once. Ends in the
// middle where a call of hers fails.
[[nodiscard]] bool perform(World& world, chain::Execution& execution, const PlannedTransaction& planned,
                           const YieldHook& at_yield = {});

// The same, and notes in the transaction where control reached her after all that is planned.
[[nodiscard]] bool perform_and_complete(World& world, chain::Execution& execution, PlannedTransaction& planned);

// Makes the message of a call by the attacker's contract. The machine fills in the rest.
[[nodiscard]] vm::Message message_of(const World& world, const Call& call);

// Keeps count, as her contract does, of how often control has reached it in this transaction. Returns zero where she
// cannot count. `gas` is what she has there.
[[nodiscard]] std::uint32_t count_turn(World& world, const vm::Message& message, vm::Gas gas);
[[nodiscard]] std::uint32_t current_turn(World& world);

// The gas that her contract needs in order to count and to choose, and for each call on top of what the call takes.
// Before transient storage she counts in her storage, which costs more. (EIP-1153)
[[nodiscard]] constexpr vm::Gas gas_to_act(vm::Fork fork) { return vm::Gas{fork < vm::Fork::Cancun ? 70'000 : 12'000}; }

}  // namespace interlock::analyzer
