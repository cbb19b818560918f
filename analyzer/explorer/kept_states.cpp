#include "analyzer/explorer/kept_states.hpp"

#include <algorithm>

#include "analyzer/explorer/script.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::size_t most_kept = 400;
constexpr std::uint32_t most_of_one_shape = 40;
constexpr std::size_t most_kept_transactions = 8;  // beyond the prelude
constexpr std::size_t most_deepened = 24;
constexpr std::uint32_t most_enlarged = 2;             // plans in which one number is made larger
constexpr std::uint32_t depths[] = {2, 4, 8, 16, 30};  // repetitions more than found

// Returns the plan with alice in the place of the accomplice, if he sends something that she would not give away.
std::optional<Plan> at_somebody_elses_expense(const World& world, Plan plan) {
    bool is_other = false;
    for (PlannedTransaction& planned : plan) {
        if (planned.is_attack || planned.sender != World::accomplice) continue;
        planned.sender = 0;
        for (lang::abi::Data& argument : planned.call.arguments)
            if (argument == lang::abi::Data{world.mallory().address}) argument = lang::abi::Data{world.users()[0].address};
        if (is_gift(world, planned.call)) return std::nullopt;
        is_other = true;
    }
    return is_other ? std::optional(std::move(plan)) : std::nullopt;
}

// Returns the plan in which her accomplice does what alice did behind the prelude: what alice put in cannot be taken without
// re-entry then, and what he put in he may take back.
std::optional<Plan> at_her_own_expense(const World& world, Plan plan, std::size_t prelude) {
    bool is_other = false;
    for (std::size_t i = prelude; i < plan.size(); ++i) {
        PlannedTransaction& planned = plan[i];
        if (planned.is_attack || planned.sender != 0) continue;
        planned.sender = World::accomplice;
        for (lang::abi::Data& argument : planned.call.arguments)
            if (argument == lang::abi::Data{world.users()[0].address}) argument = lang::abi::Data{world.mallory().address};
        is_other = true;
    }
    return is_other ? std::optional(std::move(plan)) : std::nullopt;
}

}  // namespace

void KeptStates::keep(const World& world, const Plan& plan, std::size_t prelude, const chain::Fingerprint& state,
                      Promise promise, std::uint32_t level, bool is_paid_excess) {
    if (states_.size() >= most_kept || plan.size() > prelude + most_kept_transactions) return;
    if (!fingerprints_.insert(state).second) return;
    KeptState found{.plan = plan, .promise = promise, .level = level, .shape = shape_of_reentry(plan)};
    if (found.shape != 0) found.earlier = kept_of_shapes_[found.shape]++;
    if (found.earlier >= most_of_one_shape && promise <= Promise::Unserial) return;
    states_.push_back(found);
    if (promise == Promise::Branch) return;
    for (auto other : {at_somebody_elses_expense(world, plan), at_her_own_expense(world, plan, prelude)}) {
        if (!other) continue;
        states_.push_back(found);
        states_.back().plan = std::move(*other);
        states_.back().is_changed = true;
    }
    if (promise != Promise::Unserial || is_paid_excess) keep_varied(found);
    if (promise == Promise::Harvest) return;
    keep_deepened(found);
    if (promise != Promise::Riches) return;
    for (auto& [number, other] : enlarged(world, plan))
        if (enlarged_[number]++ < most_enlarged)
            states_.push_back({std::move(other), Promise::Harvest, level, 0, true, true, false, found.shape});
}

void KeptStates::keep_deepened(const KeptState& found) {
    const Call* const repeated = repeated_call(found.plan);
    if (!repeated || deepened_.size() >= most_deepened || std::ranges::count(deepened_, *repeated) != 0) return;
    deepened_.push_back(*repeated);
    for (const std::uint32_t more : depths)
        if (auto deeper = deepened(found.plan, more))
            states_.push_back({std::move(*deeper), Promise::Harvest, found.level, 0, true, true, false, found.shape});
}

void KeptStates::keep_corrected(Plan plan, std::uint32_t level) {
    const std::uint64_t shape = shape_of_reentry(plan);
    if (states_.size() < most_kept)
        states_.push_back({std::move(plan), Promise::Harvest, level, 0, true, true, false, shape});
}

void KeptStates::keep_reached(Plan before, PlannedTransaction last, bool hands_over) {
    if (states_.size() >= most_kept) return;
    Plan whole = before;
    whole.push_back(last);
    states_.push_back({.plan = std::move(whole), .level = 1, .rounds = most_rounds});  // to be played
    KeptState reached{.plan = std::move(before), .promise = Promise::Reached, .level = 1};
    if (hands_over) reached.next = std::move(last);
    states_.push_back(std::move(reached));
}

void KeptStates::keep_to_vary(Plan plan) {
    if (states_.size() >= most_kept) return;
    const std::uint64_t shape = shape_of_reentry(plan);
    if (std::ranges::any_of(states_, [&](const KeptState& kept) { return kept.is_varied && kept.plan == plan; })) return;
    states_.push_back({.plan = std::move(plan), .promise = Promise::Riches, .level = 1, .is_changed = true, .shape = shape});
    KeptState varied = states_.back();
    varied.is_deepened = varied.is_varied = true;
    states_.push_back(std::move(varied));
}

void KeptStates::keep_varied(KeptState kept) {
    constexpr std::uint32_t most_of_shape = 2, most = 40;
    if (kept.shape == 0 || varied_ >= most || varied_of_shapes_[{kept.shape, kept.promise}]++ >= most_of_shape) return;
    ++varied_;
    kept.promise = Promise::Harvest;
    kept.is_deepened = kept.is_varied = true;
    states_.push_back(std::move(kept));
}

std::uint32_t KeptStates::rank(const KeptState& kept) const {
    if (kept.is_deepened) return 0;  // that takes no time
    const std::uint32_t late = static_cast<std::uint32_t>(Promise::Harvest) - static_cast<std::uint32_t>(kept.promise);
    return kept.rounds * 4 + late + kept.earlier;
}

const KeptState* KeptStates::next() {
    KeptState* best = nullptr;
    std::uint32_t least = 0;
    for (KeptState& kept : states_) {
        if (kept.rounds >= (kept.is_deepened ? 1 : most_rounds)) continue;
        if (const std::uint32_t late = rank(kept); !best || late < least) best = &kept, least = late;
    }
    if (!best) return nullptr;
    ++best->rounds;
    return best;
}

const KeptState* KeptStates::next_to_vary() {
    const auto next =
        std::ranges::find_if(states_, [](const KeptState& kept) { return kept.is_varied && kept.rounds == 0; });
    if (next == states_.end()) return nullptr;
    ++next->rounds;
    return &*next;
}

void KeptStates::vary_later(const Plan& plan) {
    for (KeptState& kept : states_)
        if (kept.is_varied && kept.plan == plan && !std::exchange(kept.was_cut, true)) kept.rounds = 0;
}

const Plan* KeptStates::next_to_play() {
    while (played_ < states_.size())
        if (const KeptState& kept = states_[played_++]; kept.promise == Promise::Branch) return &kept.plan;
    return nullptr;
}

bool KeptStates::has_fresh(Promise least) const {
    return std::ranges::any_of(states_, [&](const KeptState& kept) { return kept.promise >= least && kept.rounds == 0; });
}

bool KeptStates::has_second_round() const {
    return std::ranges::any_of(states_, [](const KeptState& kept) {
        return kept.promise >= Promise::Unserial && kept.rounds == 1 && !kept.is_deepened && kept.earlier == 0;
    });
}

}  // namespace interlock::analyzer
