// Deeper re-entry: what pays a little each time is repeated until it pays.
#pragma once

#include <optional>

#include "analyzer/devnet/world.hpp"
#include "analyzer/explorer/plan.hpp"
#include "chain/genesis.hpp"

namespace interlock::analyzer {

// Returns the first call that she makes again while it waits for her, as she makes it then, or null.
[[nodiscard]] const Call* repeated_call(const Plan& plan);

// Returns the plan with `more` further repetitions of that call, each during the one before; std::nullopt if there is
// none.
[[nodiscard]] std::optional<Plan> deepened(const Plan& plan, std::uint32_t more);

// A small number of the plan that may stand for money: an argument, or the ether sent along.
struct SmallNumber {
    static constexpr std::uint32_t of_value = 0xffffffff;
    DeployedIndex contract{};
    std::uint32_t function = 0, position = 0;
    friend auto operator<=>(const SmallNumber&, const SmallNumber&) = default;
};
// Returns the plans in which one small number each is that amount of money, wei: what pays a few wei may pay more.
[[nodiscard]] std::vector<std::pair<SmallNumber, Plan>> enlarged(const World& world, const Plan& plan,
                                                                 const vm::Word& amount = chain::ether);

}  // namespace interlock::analyzer
