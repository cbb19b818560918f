#include <algorithm>
#include <utility>

#include "analyzer/explorer/ascent.hpp"
#include "analyzer/explorer/perform.hpp"

// Interludes: what works only while another call of hers waits. A price that is asked in the middle of a withdrawal lets her
// borrow what it lets her borrow neither before nor afterwards.
namespace interlock::analyzer {

namespace {

constexpr std::uint32_t most_interludes = 3;   // of one function in another one
constexpr std::uint32_t most_fruitless = 200;  // attempts at one function in another one
constexpr std::uint32_t most_reentries = 40, most_reentries_of_state = 3;

// Returns where she can act in the transaction: the first of these activations.
std::optional<std::size_t> first_turn(const std::vector<Activation>& met) {
    const auto at = std::ranges::find_if(met, [](const Activation& each) { return each.turn != 0 && !each.is_static; });
    return at == met.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - met.begin()));
}

// An attempt that fails is made again with other answers, and without the call.
bool is_made_inside(const PlannedTransaction& done, const Call& call) {
    const std::size_t own = done.is_attack ? 1 : 0;
    return done.activations.size() > own && std::ranges::count(done.activations.back().calls, call) != 0;
}

}  // namespace

// Returns what she, or the owner, does in which control reaches her contract, and which changes something: of each function one
// call that works, and with as large numbers as possible.
std::vector<PlannedTransaction> Ascent::handing_over(const State& state) {
    std::vector<PlannedTransaction> list;
    std::optional<Call> found;
    std::uint32_t sender = 0;
    const auto make = [&](const Call& call) -> std::optional<Failure> {
        PlannedTransaction planned = transaction_of(sender, call);
        planned.wait = state.wait;
        Attempt tried = tentatively(std::move(planned), call);
        if (!tried.works) return tried.failure;
        const auto turn = first_turn(tried.met);
        if (!tried.changes || !turn || hooks_.is_over()) return Failure{};
        auto& activations = tried.done.activations;
        const std::size_t own = tried.done.is_attack ? 1 : 0;
        while (activations.size() < *turn + 1 + own) activations.push_back(tried.met[activations.size() - own]);
        activations.resize(*turn + 1 + own);
        found = call;
        list.push_back(std::move(tried.done));
        return std::nullopt;
    };
    for (const auto& [function, calls] : watched_) {
        sender = function.sender;
        found.reset();
        for (std::size_t i = 0; i < calls.size() && !found; ++i) (void)make(calls[i]);
        if (!found || sender == World::owner_index) continue;
        const Call one = *found;
        for (const Call& larger : with_extremes(world_.function_of(one), one, Extreme::TooLarge))
            (void)mend(make(larger), interlude_mends_, make);
    }
    return list;
}

// Performs the transaction, and undoes it.
Ascent::Attempt Ascent::tentatively(PlannedTransaction planned, const Call& call) {
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    Attempt tried = attempt(std::move(planned), call);
    chain.rewind_to(here);
    chain.set_block(block);
    return tried;
}

void Ascent::find_interludes(const State& state) {
    interlude_mends_ = {};  // another state, other limits
    const std::vector<PlannedTransaction> all = handing_over(state);
    for (const PlannedTransaction& outer : all) find_reentries(state, outer);
    for (const PlannedTransaction& outer : all) {
        if (!outer.is_attack) continue;
        find_twins(state, outer);
        find_detours(state, outer);
    }
    for (const PlannedTransaction& outer : all)
        if (outer.is_attack) find_interludes(state, outer);
}

void Ascent::find_interludes(const State& state, const PlannedTransaction& outer) {
    const FunctionId function = function_of(World::accomplice, call_in(outer));
    for (const auto& [inner, calls] : watched_) {
        if (inner.sender != World::accomplice || inner == function) continue;
        auto& [found, fruitless] = interludes_[{function, inner}];
        if (calls.empty()) continue;
        // As much as passes there comes first.
        std::vector<Call> all = with_extremes(world_.function_of(calls.front()), calls.front(), Extreme::TooLarge);
        all.insert(all.end(), calls.begin(), calls.end());
        for (const Call& call : all) {
            if (hooks_.is_over() || found >= most_interludes || fruitless >= most_fruitless) break;
            const auto passed = passes_only_during(outer, state.wait, call);
            if (!passed) {
                ++fruitless;
                continue;
            }
            ++found;
            PlannedTransaction whole = outer;
            whole.activations.back().calls = {*passed};
            hooks_.has_interlude(state.plan, whole);
        }
    }
}

void Ascent::find_reentries(const State& state) {
    interlude_mends_ = {};
    for (const PlannedTransaction& outer : handing_over(state)) find_reentries(state, outer);
}

// Each function of hers, the same one, too, is called while the other one waits: with as large numbers as pass there, and
// with some others.
void Ascent::find_reentries(const State& state, const PlannedTransaction& outer) {
    const FunctionId function = function_of(outer);
    for (const auto& [inner, calls] : watched_) {
        std::uint32_t& told = reentries_[{function, inner}];
        std::uint32_t of_state = 0;
        const auto make = [&](const Call& call) -> std::optional<Failure> {
            PlannedTransaction whole = outer;
            whole.activations.back().calls = {call};
            const Attempt tried = tentatively(whole, call);
            if (!tried.works) return tried.failure;
            if (!is_made_inside(tried.done, call)) return Failure{};
            if (tried.changes) {
                ++told, ++of_state;
                hooks_.reenters(state.plan, whole);
            }
            return std::nullopt;
        };
        const auto is_enough = [&] {
            return hooks_.is_over() || told >= most_reentries || of_state >= most_reentries_of_state;
        };
        if (inner.sender != World::accomplice || calls.empty() || is_enough()) continue;
        if (inner == function) (void)make(call_in(outer));
        for (const Call& call : with_extremes(world_.function_of(calls.front()), calls.front(), Extreme::TooLarge))
            if (!is_enough()) (void)mend(make(call), interlude_mends_, make);
        for (const Call& call : calls)
            if (!is_enough()) (void)make(call);
    }
}

// Returns the call, with other numbers perhaps, if it works while the other one waits, and neither before nor behind it.
std::optional<Call> Ascent::passes_only_during(const PlannedTransaction& outer, const Wait& wait, const Call& call) {
    const auto fails_alone = [&](const Call& each) {
        PlannedTransaction alone = transaction_of(World::accomplice, each);
        alone.wait = wait;
        return !tentatively(std::move(alone), each).works;
    };
    const auto fails_behind = [&](const Call& each) {
        PlannedTransaction both = outer;
        both.activations.resize(1);
        both.activations.front().calls.push_back(each);
        return !tentatively(std::move(both), each).works;
    };
    const auto make = [&](const Call& each) -> std::optional<Failure> {
        PlannedTransaction whole = outer;
        whole.activations.back().calls = {each};
        const Attempt tried = tentatively(std::move(whole), each);
        if (!tried.works) return tried.failure;
        return is_made_inside(tried.done, each) ? std::nullopt : std::optional(Failure{});
    };
    if (!fails_alone(call)) return std::nullopt;
    std::optional<Failure> failure = make(call);
    std::optional<Call> passed = call;
    if (failure) passed = mend(std::move(failure), interlude_mends_, make);
    if (!passed || (*passed != call && !fails_alone(*passed)) || !fails_behind(*passed)) return std::nullopt;
    return passed;
}

}  // namespace interlock::analyzer
