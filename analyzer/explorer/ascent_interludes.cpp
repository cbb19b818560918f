#include <algorithm>
#include <set>
#include <utility>

#include "analyzer/explorer/ascent.hpp"
#include "analyzer/explorer/attacker.hpp"
#include "analyzer/explorer/perform.hpp"

// Interludes: what works only while another call of hers waits. A price that is asked in the middle of a withdrawal lets her
// borrow what it lets her borrow neither before nor afterwards.
namespace interlock::analyzer {

namespace {

constexpr std::uint32_t most_interludes = 3;   // of one function in another one
constexpr std::uint32_t most_fruitless = 200;  // attempts at one function in another one
constexpr std::uint32_t most_reentries = 40, most_reentries_of_state = 3;

// Returns where she can act in the transaction: the first of these activations, and the last.
std::vector<std::size_t> turns(const std::vector<Activation>& met) {
    std::vector<std::size_t> list;
    for (std::size_t i = 0; i < met.size(); ++i)
        if (met[i].turn != 0 && !met[i].is_static) list.push_back(i);
    if (list.size() > 2) list.erase(list.begin() + 1, list.end() - 1);
    return list;
}

// Whether one call names contracts of the system and the other one does not name the same.
bool names_others_than(const World& world, const Call& call, const Call& other) {
    std::set<Address> named, there;
    for (const lang::abi::Data& argument : call.arguments) add_addresses(argument, named);
    for (const lang::abi::Data& argument : other.arguments) add_addresses(argument, there);
    return std::ranges::any_of(named, [&](const Address& each) { return world.contract_at(each) && !there.contains(each); });
}

}  // namespace

bool is_made_inside(const PlannedTransaction& done, const Call& call) {
    const std::ptrdiff_t own = done.is_attack ? 1 : 0;
    return std::any_of(done.activations.begin() + own, done.activations.end(),
                       [&](const Activation& each) { return std::ranges::count(each.calls, call) != 0; });
}

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
        const std::vector<std::size_t> where = turns(tried.met);
        if (!tried.changes || where.empty() || hooks_.is_over()) return Failure{};
        const std::size_t own = tried.done.is_attack ? 1 : 0;
        for (const std::size_t turn : where) {
            auto& activations = list.emplace_back(tried.done).activations;
            while (activations.size() < turn + 1 + own) activations.push_back(tried.met[activations.size() - own]);
            activations.resize(turn + 1 + own);
        }
        found = call;
        return std::nullopt;
    };
    for (const auto& [function, calls] : watched_) {
        sender = function.sender;
        found.reset();
        std::size_t i = 0;
        while (i < calls.size() && !found) (void)make(calls[i++]);
        if (!found || sender == World::owner_index) continue;
        // With a token of hers it may be worth nothing: another one that deals with others.
        const std::optional<Call> first = found;
        while (i < calls.size() && found == first)
            if (const Call& call = calls[i++]; names_others_than(world_, call, *first)) (void)make(call);
        const Call last = *found;
        for (const Call& one : *first == last ? std::vector<Call>{last} : std::vector<Call>{*first, last})
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
        find_refilled(state, outer);
        propose_room(state, outer);
    }
    find_unpaid(state);
    for (const PlannedTransaction& outer : all)
        if (outer.is_attack) find_interludes(state, outer);
}

void Ascent::find_only_interludes(const State& state) {
    interlude_mends_ = {};
    for (const PlannedTransaction& outer : handing_over(state))
        if (outer.is_attack) find_interludes(state, outer);
}

void Ascent::find_interludes(const State& state, const PlannedTransaction& outer) {
    interlude_mends_ = {};  // another call that waits, other limits
    const FunctionId function = function_of(World::accomplice, call_in(outer));
    for (const auto& [inner, calls] : watched_) {
        if (inner.sender != World::accomplice || inner == function) continue;
        auto& [found, fruitless] = found_in(state).interludes[{function, inner}];
        std::vector<PlannedTransaction> known;
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
            if (std::ranges::count(known, *passed) != 0) {
                ++fruitless;
                continue;
            }
            ++found;
            known.push_back(*passed);
            hooks_.has_interlude(state.plan, *passed);
            change_back(state, *passed);
        }
    }
}

// What she has more of than at the start she may change back behind the interlude, all of it, for what she has less of: chips
// that she withdrew, for the ether that she paid.
void Ascent::change_back(const State& state, const PlannedTransaction& whole) {
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    const Purse purse(world_);
    constexpr std::uint32_t most_changes = 2;
    std::uint32_t changes = 0;
    PlannedTransaction planned = whole;
    planned.wait = state.wait;
    if (purse.assets().size() > 1 && attempt(planned, call_in(whole)).works) {
        Plan before = state.plan;
        before.push_back(planned);
        const Wealth wealth = purse.of_attacker(world_);
        for (const auto& [function, calls] : watched_) {
            if (function.sender != World::accomplice || function.is_through_colluder || calls.empty()) continue;
            for (const Call& large : with_extremes(world_.function_of(calls.front()), calls.front(), Extreme::TooLarge)) {
                if (hooks_.is_over() || changes == most_changes) break;
                std::optional<PlannedTransaction> changed;
                (void)mend(makes_change(large, purse, wealth, changed), interlude_mends_,
                           [&](const Call& each) { return makes_change(each, purse, wealth, changed); });
                if (!changed) continue;
                hooks_.has_interlude(before, *changed);
                ++changes;
            }
        }
    }
    chain.rewind_to(here);
    chain.set_block(block);
}

// Makes the call and undoes it. Returns how it failed; nothing if it gives her some of what she has less of than at the start,
// for what she has more of.
std::optional<Failure> Ascent::makes_change(const Call& call, const Purse& purse, const Wealth& before,
                                            std::optional<PlannedTransaction>& changed) {
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    Attempt tried = attempt(transaction_of(World::accomplice, call), call);
    const Wealth after = purse.of_attacker(world_);
    chain.rewind_to(here);
    chain.set_block(block);
    if (!tried.works) return std::move(tried.failure);
    bool makes_good = false, is_paid_with_more = true;
    for (std::size_t i = 0; i < after.size(); ++i) {
        makes_good |= before[i] < wealth_at_start_[i] && after[i] > before[i];
        is_paid_with_more &= !(after[i] < before[i]) || before[i] > wealth_at_start_[i];
    }
    if (!makes_good || !is_paid_with_more) return Failure{};
    changed = std::move(tried.done);
    return std::nullopt;
}

void Ascent::find_reentries(const State& state) {
    interlude_mends_ = {};
    for (const PlannedTransaction& outer : handing_over(state)) find_reentries(state, outer);
}

// Each function of hers, the same one, too, is called while the other one waits: with as large numbers as pass there, and
// with some others.
void Ascent::find_reentries(const State& state, const PlannedTransaction& outer) {
    const FunctionId function = function_of(outer);
    const Attempt alone = tentatively(outer, call_in(outer));
    // Whether what she called meanwhile made a difference.
    const auto differs = [&](const Attempt& tried) { return !alone.works || tried.after != alone.after; };
    for (const auto& [inner, calls] : watched_) {
        std::uint32_t& told = found_in(state).reentries[{function, inner}];
        std::uint32_t of_state = 0;
        const auto make = [&](const Call& call) -> std::optional<Failure> {
            PlannedTransaction whole = outer;
            whole.activations.back().calls = {call};
            const Attempt tried = tentatively(whole, call);
            if (!tried.works) return tried.failure;
            if (!is_made_inside(tried.done, call) || !differs(tried)) return Failure{};
            if (tried.changes) {
                ++told, ++of_state;
                hooks_.reenters(state.plan, tried.done);
            }
            return std::nullopt;
        };
        // The other way round: what waits is called while the other one waits.
        const auto make_turned = [&](const Call& call) {
            PlannedTransaction turned = outer;
            turned.activations.back().calls = {call_in(outer)};
            call_in(turned) = call;
            const Attempt tried = tentatively(turned, call);
            if (tried.works && tried.changes && is_made_inside(tried.done, call_in(outer)))
                hooks_.reenters(state.plan, tried.done);
        };
        const auto is_enough = [&] {
            return hooks_.is_over() || told >= most_reentries || of_state >= most_reentries_of_state;
        };
        if (inner.sender != World::accomplice || calls.empty() || is_enough()) continue;
        if (inner == function) (void)make(call_in(outer));
        for (const Call& call : with_extremes(world_.function_of(calls.front()), calls.front(), Extreme::TooLarge))
            if (!is_enough()) (void)mend(make(call), interlude_mends_, make);
        for (const Call& call : calls)
            if (!is_enough() && !make(call) && inner == function && call != call_in(outer)) make_turned(call);
    }
}

// Returns both, if the call, with other numbers perhaps, works while the other one waits, and neither before nor behind it.
std::optional<PlannedTransaction> Ascent::passes_only_during(const PlannedTransaction& outer, const Wait& wait,
                                                             const Call& call) {
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
    PlannedTransaction both;
    const auto make = [&](const Call& each) -> std::optional<Failure> {
        PlannedTransaction whole = outer;
        whole.activations.back().calls = {each};
        Attempt tried = tentatively(std::move(whole), each);
        if (!tried.works) return tried.failure;
        both = std::move(tried.done);
        return is_made_inside(both, each) && fails_alone(each) ? std::nullopt : std::optional(Failure{});
    };
    if (!fails_alone(call)) return std::nullopt;
    std::optional<Failure> failure = make(call);
    std::optional<Call> passed = call;
    if (failure) passed = mend(std::move(failure), interlude_mends_, make);
    if (!passed || !fails_behind(*passed)) return std::nullopt;
    return both;
}

}  // namespace interlock::analyzer
