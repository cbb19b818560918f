#include <utility>

#include "analyzer/explorer/ascent.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/traits.hpp"

// Joining in: most of what there is to take from a system is for those who put something in, and for those who waited.
namespace interlock::analyzer {

// She pays into whatever takes something from her, once. What she does then, and what time brings her, is looked at before
// everything else.
void Ascent::join() {
    constexpr std::size_t most_payments = 4;
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    State joined;
    for (const auto& [function, calls] : watched_) {
        if (function.sender != World::accomplice || joined.plan.size() == most_payments || hooks_.is_over()) continue;
        const bool takes_tokens = world_.artifact_of(function.contract) &&
                                  moves_tokens(world_.contract(function.contract).ir(), function.function);
        for (const Call& call : calls) {
            if (call.value.is_zero() && !takes_tokens) continue;
            const Attempt tried = tentatively(transaction_of(World::accomplice, call), call);
            if (!tried.works || !tried.changes) continue;
            const Call larger = call.value.is_zero() ? half_of_what_passes(call) : call;
            Attempt paid = attempt(transaction_of(World::accomplice, larger), larger);
            auto& activations = paid.done.activations;
            for (std::size_t i = activations.size() - 1; i < paid.met.size(); ++i) activations.push_back(paid.met[i]);
            joined.plan.push_back(std::move(paid.done));
            break;
        }
    }
    if (!joined.plan.empty()) {
        look(joined, &start_, nullptr);
        find_reentries(joined);
        const std::vector<State> later = passing_time(joined);
        for (const State& each : later) find_reentries(each);
        states_.push_back(std::move(joined));
        states_.insert(states_.end(), later.begin(), later.end());
    }
    chain.rewind_to(here);
    chain.set_block(block);
}

// Returns her call with half of the largest number that passes, in the first place where there is such a one.
Call Ascent::half_of_what_passes(const Call& call) {
    const auto make = [&](const Call& each) -> std::optional<Failure> {
        Attempt tried = tentatively(transaction_of(World::accomplice, each), each);
        if (!tried.works) return std::move(tried.failure);
        return std::nullopt;
    };
    for (const Call& large : with_extremes(world_.function_of(call), call, Extreme::TooLarge)) {
        std::optional<Call> most = mend(make(large), mends_, make);
        for (std::size_t i = 0; most && i < most->arguments.size(); ++i) {
            if (most->arguments[i] == call.arguments[i]) continue;
            auto* const number = std::get_if<Word>(&most->arguments[i].content);
            if (number) *number = *number / Word{2};
        }
        if (most && !make(*most)) return *most;
    }
    return call;
}

}  // namespace interlock::analyzer
