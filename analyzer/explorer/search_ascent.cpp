#include "analyzer/explorer/ascent.hpp"

#include <utility>

#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/search.hpp"

// What the ascent shows is gone on from.
namespace interlock::analyzer {

namespace {

// Returns the plan with the last transaction, and those of hers right before it in which nobody calls her, made one.
Plan with_last_joined(Plan plan) {
    while (plan.size() > 1) {
        const PlannedTransaction last = plan.back();
        PlannedTransaction& before = plan[plan.size() - 2];
        if (!last.is_attack || !before.is_attack || before.activations.size() != 1 || last.wait != Wait{}) break;
        std::vector<Call>& calls = before.activations.front().calls;
        const auto shift = static_cast<std::uint32_t>(calls.size());
        calls.insert(calls.end(), last.activations.front().calls.begin(), last.activations.front().calls.end());
        for (std::size_t i = 1; i < last.activations.size(); ++i) {
            before.activations.push_back(last.activations[i]);
            if (auto& during = before.activations.back().during; during && during->activation == 0) during->call += shift;
        }
        plan.pop_back();
    }
    return plan;
}

}  // namespace

bool Search::climb() {
    expect_newborns();
    if (!ascent_)
        ascent_ = std::make_unique<Ascent>(
            world_, hunt_.hooks.off_limits,
            Ascent::Hooks{[this] { return ++hunt_.stats.macro_steps, exhausted(); },
                          [this](std::uint32_t sender, const Call& call, const Call& instead_of) {
                              if (favours_her(call) || (names_her(call) && !names_her(instead_of))) return false;
                              return sender != World::owner_index || privileged_.contains({call.contract, call.function});
                          },
                          [this](const Plan& before, const Wait& wait, const Call& call, bool hands_over) {
                              Plan plan = plan_;
                              plan.insert(plan.end(), before.begin(), before.end());
                              PlannedTransaction last;
                              last.is_attack = true;
                              last.wait = wait;
                              last.activations.push_back({std::nullopt, {call}});
                              kept_.keep_reached(std::move(plan), std::move(last), hands_over);
                          },
                          [this](const Plan& before, const PlannedTransaction& whole) {
                              Plan plan = plan_;
                              plan.insert(plan.end(), before.begin(), before.end());
                              plan.push_back(whole);
                              interludes_.push_back(plan);
                              reentries_.push_back(plan);
                              kept_.keep_to_vary(std::move(plan));
                          },
                          [this](const Plan& before, const PlannedTransaction& whole) {
                              Plan plan = plan_;
                              plan.insert(plan.end(), before.begin(), before.end());
                              plan.push_back(whole);
                              reentries_.push_back(tells_transactions_apart_ ? plan : with_last_joined(std::move(plan)));
                          },
                          [this] { meet_newborns(false); },
                          [this](const Call& call, const Observations& observations, Failure& failure) {
                              have_signed(call, observations, failure);
                          }});
    const bool goes_on = ascent_->climb();
    examine_reentries();
    vary_what_is_kept();
    return goes_on;
}

// Nothing else is tried behind them.
void Search::examine_reentries() {
    const auto base = state_.checkpoint();
    const vm::BlockContext block = state_.block();
    const std::size_t length = plan_.size();
    for (Plan& plan : std::exchange(reentries_, {})) {
        if (hunt_.is_stopped()) return;
        make_executions(plan.size());
        bool ok = true;
        for (std::size_t i = length; i < plan.size() && ok; ++i) {
            add_to_plan(std::move(plan[i]));
            ok = perform_and_complete(world_, execution(), plan_.back());
        }
        if (ok) (void)examine();
        plan_.resize(length);
        state_.rewind_to(base);
        state_.set_block(block);
    }
}

}  // namespace interlock::analyzer
