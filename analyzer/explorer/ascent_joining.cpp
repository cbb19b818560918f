#include <algorithm>
#include <utility>

#include "analyzer/explorer/ascent.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/traits.hpp"

// Joining in: most of what there is to take from a system is for those who put something in, and for those who waited.
namespace interlock::analyzer {

namespace {

constexpr std::size_t most_payments = 4, most_openers = 10;

}  // namespace

// She pays into whatever takes something from her, once, unless she has done so when she was made. What she does then, and
// what time brings her, is looked at before everything else.
void Ascent::join() {
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    State joined;
    std::map<FunctionId, Places> refused;
    (void)pay_in(joined, nullptr, refused);
    open_what_refused(joined, refused);
    const auto& prepared = world_.recipe().attacker;
    const bool has_paid = std::ranges::any_of(prepared, [](const Preparation& each) { return !each.value.is_zero(); });
    if (has_paid || !joined.plan.empty()) {
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

// `written`: only what reads that, and was refused before, is tried again. Returns whether something was paid.
bool Ascent::pay_in(State& joined, const Places* written, std::map<FunctionId, Places>& refused) {
    bool pays = false;
    for (const auto& [function, calls] : watched_) {
        if (function.sender != World::accomplice || joined.plan.size() >= most_payments || hooks_.is_over()) continue;
        const auto before = refused.find(function);
        if (written && (before == refused.end() || !before->second.meets(*written))) continue;
        const bool takes_tokens = world_.artifact_of(function.contract) &&
                                  moves_tokens(world_.contract(function.contract).ir(), function.function);
        Places read;
        bool is_refused = false;
        for (const Call& call : calls) {
            if (call.value.is_zero() && !takes_tokens) continue;
            const Attempt tried = tentatively(transaction_of(World::accomplice, call), call);
            is_refused = !tried.works || !tried.changes;
            for (const std::uint64_t place : tracer_.read.all()) read.add(place);
            if (is_refused) continue;
            const Call larger = call.value.is_zero() ? half_of_what_passes(call) : call;
            Attempt paid = attempt(transaction_of(World::accomplice, larger), larger);
            auto& activations = paid.done.activations;
            for (std::size_t i = activations.size() - 1; i < paid.met.size(); ++i) activations.push_back(paid.met[i]);
            joined.plan.push_back(std::move(paid.done));
            pays = true;
            break;
        }
        read.settle();
        if (is_refused) refused[function] = std::move(read);
        else refused.erase(function);
    }
    return pays;
}

// Some take nothing from her before she has opened an account, or founded what takes it: a call that costs nothing.
void Ascent::open_what_refused(State& joined, std::map<FunctionId, Places>& refused) {
    chain::State& chain = world_.state();
    std::vector<Call> openers;
    for (const auto& [function, calls] : watched_)
        if (function.sender == World::accomplice && !function.is_through_colluder && !calls.empty() &&
            calls.front().value.is_zero() && !refused.contains(function) && openers.size() < most_openers)
            openers.push_back(calls.front());
    for (const Call& opener : openers) {
        if (refused.empty() || hooks_.is_over()) return;
        const auto here = chain.checkpoint();
        Attempt opened = attempt(transaction_of(World::accomplice, opener), opener);
        Places written = tracer_.written;
        written.settle();
        if (opened.works && opened.changes) {
            candidates_.refresh();
            choose_watched();
            joined.plan.push_back(std::move(opened.done));
            if (pay_in(joined, &written, refused)) continue;
            joined.plan.pop_back();
        }
        chain.rewind_to(here);
    }
    candidates_.refresh();
    choose_watched();
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
