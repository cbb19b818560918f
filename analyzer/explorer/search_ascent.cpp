#include "analyzer/explorer/ascent.hpp"

#include "analyzer/explorer/search.hpp"

// What the ascent shows is gone on from.
namespace interlock::analyzer {

bool Search::climb() {
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
                              kept_.keep_to_vary(std::move(plan));
                          }});
    const bool goes_on = ascent_->climb();
    vary_what_is_kept();
    return goes_on;
}

}  // namespace interlock::analyzer
