#include <algorithm>
#include <utility>

#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/search.hpp"

// Repeating: where both her account and her contract act, and a re-entry leaves a state which no order reaches, they make the
// calls of the plan again. What was moved is moved back, what was paid is paid once more, and what was done with one thing is
// done with the next.
namespace interlock::analyzer {

namespace {

constexpr std::size_t most_repeated = 20, most_pauses = 2;
constexpr std::uint64_t most_number = 1'000;  // of things that are counted

class RepeatedSteps {
  public:
    RepeatedSteps(const World& world, const Plan& plan, std::size_t first) : hers_(world.hers()) {
        const auto is_of_account = [](const PlannedTransaction& each) {
            return !each.is_attack && each.sender == World::accomplice;
        };
        const bool has_account = std::any_of(plan.begin() + static_cast<std::ptrdiff_t>(first), plan.end(), is_of_account);
        if (!has_account) return;
        for (std::size_t i = plan.size(); i-- > first;) {
            if (is_of_account(plan[i])) calls_.push_back(plan[i].call);
            for (const Activation& activation : plan[i].activations)
                calls_.insert(calls_.end(), activation.calls.begin(), activation.calls.end());
        }
        for (std::size_t i = 0; i < calls_.size() && calls_.size() < most_repeated; ++i) vary(Call(calls_[i]));
        for (const Call& call : calls_) {
            add(true, call);
            add(false, call);
        }
    }
    [[nodiscard]] std::vector<PlannedTransaction> all() && { return std::move(steps_); }

  private:
    // Adds the call with another one of her accounts, and with the next number.
    void vary(const Call& call) {
        for (std::size_t i = 0; i < call.arguments.size(); ++i) {
            const auto add_with = [&](const lang::abi::Data& other) {
                Call varied = call;
                varied.arguments[i] = other;
                if (std::ranges::count(calls_, varied) == 0) calls_.push_back(std::move(varied));
            };
            const auto is_it = [&](const Address& each) { return call.arguments[i] == lang::abi::Data{each}; };
            if (std::ranges::any_of(hers_, is_it))
                for (const Address& each : hers_) add_with(lang::abi::Data{each});
            else if (const auto* number = std::get_if<vm::Word>(&call.arguments[i].content);
                     number && *number <= vm::Word{most_number})
                add_with(lang::abi::Data{*number + vm::Word{1}});
        }
    }

    void add(bool is_attack, const Call& call) {
        if (steps_.size() < most_repeated)
            steps_.push_back(transaction_of(is_attack ? World::accomplice : her_account, call));
    }

    const std::vector<Address> hers_;
    std::vector<Call> calls_;
    std::vector<PlannedTransaction> steps_;
};

}  // namespace

void Search::repeat_calls_of(const Plan& plan) {
    constexpr int most_transactions = 2;
    repeat(RepeatedSteps(world_, plan, root_.prelude.size()).all(), most_transactions, true);
}

void Search::repeat(const std::vector<PlannedTransaction>& steps, int more, bool may_wait) {
    std::vector<Wait> waits{{}};
    if (may_wait)
        for (const Pause& pause : pauses_->at(state_.block(), false, false))
            if (waits.size() <= most_pauses) waits.push_back(pause.wait);
    make_executions(plan_.size() + 1);
    for (const PlannedTransaction& step : steps)
        for (const Wait& wait : waits) {
            if (hunt_.halted()) return;
            ++hunt_.stats.macro_steps;
            const auto here = state_.checkpoint();
            const vm::BlockContext block = state_.block();
            PlannedTransaction planned = step;
            planned.wait = wait;
            add_to_plan(std::move(planned));
            if (perform_and_complete(world_, execution(), plan_.back()) && examine() && more > 1)
                repeat(steps, more - 1, false);
            plan_.pop_back();
            state_.rewind_to(here);
            state_.set_block(block);
        }
}

}  // namespace interlock::analyzer
