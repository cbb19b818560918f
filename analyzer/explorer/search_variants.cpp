#include <algorithm>
#include <utility>

#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/search.hpp"

// Varying: a plan is performed with other numbers, everything else being as it is. How much she leaves as a pledge, takes out
// and borrows meanwhile has to fit together; with the functions given these are few combinations.
namespace interlock::analyzer {

namespace {

constexpr std::size_t most_variants = 14;  // of one call

// Varying each of many calls that are the same would take forever.
bool is_repeated_often(const Plan& plan, const Call& call) {
    constexpr std::ptrdiff_t often = 3;
    std::ptrdiff_t count = 0;
    for (const PlannedTransaction& planned : plan)
        for (const Activation& activation : planned.activations) count += std::ranges::count(activation.calls, call);
    return count >= often;
}

}  // namespace

void Search::vary(const Plan& plan) {
    make_executions(plan.size());
    is_observing_ = true;
    is_guided_ = false;
    visited_.clear();
    std::uint32_t calls = 1;
    for (const PlannedTransaction& planned : plan)
        for (const Activation& activation : planned.activations)
            calls += static_cast<std::uint32_t>(activation.calls.size());
    varied_ = &plan;
    follow_varied(calls + static_cast<std::uint32_t>(plan.size()));
    varied_ = nullptr;
}

// That takes little time.
void Search::vary_what_is_kept() {
    while (const KeptState* const kept = hunt_.halted() ? nullptr : kept_.next_to_vary()) {
        const Plan plan = kept->plan;  // more may be kept meanwhile
        vary(plan);
        if (hunt_.halted()) kept_.vary_later(plan);
    }
}

void Search::follow_varied(std::uint32_t budget) {
    if (plan_.size() == varied_->size() || hunt_.halted() || !is_new(0, budget)) return;
    const PlannedTransaction& planned = (*varied_)[plan_.size()];
    const vm::BlockContext block = state_.block();
    world_.pass(planned.wait);
    if (planned.is_attack) {
        pending_wait_ = planned.wait;
        attack_transaction(budget);
    } else {
        make_variants(planned.call, [&](const Call& call) {
            pending_wait_ = planned.wait;
            return single_call(planned.sender, call, message_of(world_, call), budget);
        });
    }
    pending_wait_ = {};
    state_.set_block(block);
}

// Makes the call as it is, and with each number as small and as large as it may be: what is too large fails where it is
// compared with the most that passes.
void Search::make_variants(const Call& call, const std::function<std::optional<Failure>(const Call&)>& make) {
    std::vector<Call> variants{call};
    if (is_repeated_often(*varied_, call)) {
        (void)make(call);
        return;
    }
    const auto add = [&](Call other) {
        if (variants.size() < most_variants && std::ranges::count(variants, other) == 0)
            variants.push_back(std::move(other));
    };
    for (const Extreme extreme : {Extreme::Least, Extreme::Little, Extreme::Much, Extreme::TooLarge})
        for (Call& other : with_extremes(world_.function_of(call), call, extreme)) add(std::move(other));
    for (std::size_t i = 0; i < variants.size() && !hunt_.halted(); ++i) {
        const Call variant = variants[i];
        if (const auto failure = make(variant))
            for (const Call& mended : failure->mended) add(mended);
    }
}

}  // namespace interlock::analyzer
