#include "analyzer/explorer/kept_states.hpp"

#include <algorithm>

namespace interlock::analyzer {

namespace {

constexpr std::size_t most_kept = 400;
constexpr std::size_t most_kept_transactions = 8;  // beyond the prelude

std::uint32_t rank(const KeptState& kept) {
    return kept.rounds * 3 + (static_cast<std::uint32_t>(Promise::Riches) - static_cast<std::uint32_t>(kept.promise));
}

// Returns the plan with alice in the place of the accomplice, if he sends something.
std::optional<Plan> at_somebody_elses_expense(const World& world, Plan plan) {
    bool is_other = false;
    for (PlannedTransaction& planned : plan) {
        if (planned.is_attack || planned.sender != World::accomplice) continue;
        planned.sender = 0;
        for (lang::abi::Data& argument : planned.call.arguments)
            if (argument == lang::abi::Data{world.mallory().address}) argument = lang::abi::Data{world.users()[0].address};
        is_other = true;
    }
    return is_other ? std::optional(std::move(plan)) : std::nullopt;
}

}  // namespace

void KeptStates::keep(const World& world, const Plan& plan, std::size_t prelude, const chain::Fingerprint& state,
                      Promise promise, std::uint32_t level) {
    if (states_.size() >= most_kept || plan.size() > prelude + most_kept_transactions) return;
    if (!fingerprints_.insert(state).second) return;
    states_.push_back({plan, promise, level, 0});
    if (promise == Promise::Branch) return;
    if (auto other = at_somebody_elses_expense(world, plan)) states_.push_back({std::move(*other), promise, level, 0, true});
}

const KeptState* KeptStates::next() {
    const auto best = std::min_element(states_.begin(), states_.end(),
                                       [](const KeptState& a, const KeptState& b) { return rank(a) < rank(b); });
    if (best == states_.end() || best->rounds >= most_rounds) return nullptr;
    ++best->rounds;
    return &*best;
}

bool KeptStates::has_fresh(Promise least) const {
    return std::ranges::any_of(states_, [&](const KeptState& kept) { return kept.promise >= least && kept.rounds == 0; });
}

}  // namespace interlock::analyzer
