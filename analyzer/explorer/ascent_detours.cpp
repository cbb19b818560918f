#include <algorithm>

#include "analyzer/explorer/ascent.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "chain/genesis.hpp"

// Detours: three calls while one waits. What keeps her out may be taken away for a moment, if she puts it back before the one
// that waits goes on: a lock that anybody opens, and whoever finds it open at the end undoes everything.
namespace interlock::analyzer {

namespace {

constexpr std::uint32_t most_states = 2;   // for one function that waits
constexpr std::size_t most_functions = 9;  // of hers
constexpr std::size_t most_calls = 16;
constexpr std::size_t most_returns = 6;           // of tokens
constexpr std::uint64_t greatest_number = 1'000;  // of a thing
constexpr std::size_t most_failing = 4;           // calls of one function that fail though control reached her

bool names_hash(const Call& call) {
    return std::ranges::any_of(call.arguments, [](const lang::abi::Data& each) {
        const auto* const word = std::get_if<vm::Word>(&each.content);
        return word && is_hash(*word);
    });
}

// Returns calls by which she brings tokens to the contract that waits: some money, or as much as was asked for, or the thing
// that was named.
std::vector<Call> returns_to(const World& world, const Plan& plan, const Call& outer) {
    using namespace token_selector;
    const std::span<const DeployedContract> all = world.contracts();
    const vm::Address &hers = world.attacker().address, &to = world.contract(outer.contract).address;
    std::vector<vm::Word> numbers, named;  // in that call, and before, too
    const auto add_numbers_of = [](const Call& call, std::vector<vm::Word>& list) {
        for (const lang::abi::Data& each : call.arguments)
            if (const auto* const word = std::get_if<vm::Word>(&each.content))
                if (std::ranges::count(list, *word) == 0) list.push_back(*word);
    };
    add_numbers_of(outer, numbers);
    for (const PlannedTransaction& planned : plan) add_numbers_of(call_in(planned), named);
    add_numbers_of(outer, named);
    std::erase_if(named, [](const vm::Word& number) { return number > vm::Word{greatest_number}; });
    std::vector<Call> calls;
    for (std::uint32_t c = 0; c < all.size(); ++c) {
        const auto& functions = all[c].ir().functions;
        const auto find = [&](std::uint32_t selector) {
            const auto at =
                std::ranges::find_if(functions, [&](const auto& f) { return f.is_entry && f.selector == selector; });
            return at == functions.end() ? std::nullopt : std::optional(static_cast<std::uint32_t>(at - functions.begin()));
        };
        if (DeployedIndex{c} == outer.contract || all[c].is_expected || calls.size() >= most_returns) continue;
        const bool is_of_things = find(owner_of).has_value();
        if (const auto pays = is_of_things ? std::nullopt : find(transfer)) {
            calls.push_back({DeployedIndex{c}, *pays, {to, chain::ether}, {}});
            for (const vm::Word& number : numbers)
                if (number != chain::ether && is_amount(number) && calls.size() < most_returns)
                    calls.push_back({DeployedIndex{c}, *pays, {to, number}, {}});
        } else if (const auto moves = find(transfer_from); moves && is_of_things) {
            for (const vm::Word& number : named)
                if (calls.size() < most_returns) calls.push_back({DeployedIndex{c}, *moves, {hers, to, number}, {}});
        }
    }
    return calls;
}

}  // namespace

// What hands control to her and fails, since it expects to be paid before it goes on: she brings tokens, behind another call.
void Ascent::find_unpaid(const State& state) {
    std::map<FunctionId, std::size_t> failing;
    // Returns whether the call works, or hands control to her.
    const auto look_at = [&](const FunctionId& function, const Call& call) {
        PlannedTransaction outer = transaction_of(World::accomplice, call);
        outer.wait = state.wait;
        const Attempt tried = tentatively(outer, call);
        if (tried.works || !tried.hands_over) return tried.works;
        const auto turn = std::ranges::find_if(tried.met, [](const auto& e) { return e.turn != 0 && !e.is_static; });
        if (turn == tried.met.end()) return false;
        ++failing[function];
        outer.activations.insert(outer.activations.end(), tried.met.begin(), turn + 1);
        find_paid(state, outer);
        find_paid_within(state, outer);
        return true;
    };
    std::set<FunctionId> silent;  // of which all calls fail at once: others may not
    for (const auto& [function, calls] : watched_) {
        if (function.sender != World::accomplice || function.is_through_colluder) continue;
        bool is_silent = true;
        for (const Call& call : calls)
            if (failing[function] < most_failing && !hooks_.is_over()) is_silent = !look_at(function, call) && is_silent;
        if (is_silent) silent.insert(function);
    }
    if (silent.empty()) return;
    for (const Call& call : some_calls(World::accomplice)) {
        const FunctionId function = function_of(World::accomplice, call);
        if (hooks_.is_over()) return;
        if (silent.contains(function) && failing[function] < most_failing &&
            std::ranges::count(watched_.at(function), call) == 0)
            (void)look_at(function, call);
    }
}

void Ascent::find_paid(const State& state, const PlannedTransaction& outer) {
    const std::vector<Call> returns = returns_to(world_, state.plan, call_in(outer));
    for (const auto& [function, calls] : watched_) {
        if (function.sender != World::accomplice || function.is_through_colluder || calls.empty()) continue;
        for (const Call& last : returns) {
            if (hooks_.is_over()) return;
            PlannedTransaction whole = outer;
            whole.activations.back().calls = {calls.front(), last};
            Attempt tried = tentatively(whole, last);
            if (tried.works && tried.changes) hooks_.has_interlude(state.plan, tried.done);
        }
    }
}

// What is counted as paid may be counted twice: she makes another such call first, for the thing before or the next one, and
// brings tokens where control reaches her in that.
void Ascent::find_paid_within(const State& state, const PlannedTransaction& outer) {
    const Call& call = call_in(outer);
    const std::size_t own = outer.is_attack ? 1 : 0;
    const std::vector<Call> returns = returns_to(world_, state.plan, call);
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        const auto* const number = std::get_if<vm::Word>(&call.arguments[i].content);
        if (!number || *number > vm::Word{greatest_number}) continue;
        for (const vm::Word& other : {*number + vm::Word{1}, *number - vm::Word{1}}) {
            if (hooks_.is_over() || other > vm::Word{greatest_number}) continue;
            PlannedTransaction whole = outer;
            Call inner = call;
            inner.arguments[i] = lang::abi::Data{other};
            whole.activations.back().calls = {inner};
            const Attempt unpaid = tentatively(whole, inner);
            const std::size_t known = outer.activations.size() - own;
            if (unpaid.works || unpaid.met.size() <= known) continue;
            const auto turn = std::find_if(unpaid.met.begin() + static_cast<std::ptrdiff_t>(known), unpaid.met.end(),
                                           [](const auto& each) { return each.turn != 0 && !each.is_static; });
            if (turn == unpaid.met.end()) continue;
            whole.activations.insert(whole.activations.end(), unpaid.met.begin() + static_cast<std::ptrdiff_t>(known),
                                     turn + 1);
            const auto make = [&](const Call& payment) -> std::optional<Failure> {
                whole.activations.back().calls = {payment};
                Attempt tried = tentatively(whole, payment);
                if (!tried.works) return std::move(tried.failure);
                if (tried.changes) hooks_.has_interlude(state.plan, tried.done);
                return std::nullopt;
            };
            for (const Call& payment : returns)
                if (!hooks_.is_over()) (void)mend(make(payment), interlude_mends_, make);
        }
    }
}

void Ascent::find_detours(const State& state, const PlannedTransaction& outer) {
    std::uint32_t& looked = found_in(state).detours[function_of(World::accomplice, call_in(outer))];
    if (looked >= most_states || hooks_.is_over()) return;
    ++looked;
    try_detours(state, outer);
}

void Ascent::try_detours(const State& state, const PlannedTransaction& outer) {
    std::vector<Call> all;
    for (const auto& [function, calls] : watched_)
        if (function.sender == World::accomplice && !calls.empty() && all.size() < most_functions)
            all.push_back(function == function_of(World::accomplice, call_in(outer)) ? call_in(outer) : calls.front());
    // What is locked may have a name.
    for (const auto& [function, calls] : watched_)
        for (std::size_t i = 1; i < calls.size() && function.sender == World::accomplice; ++i)
            if (all.size() < most_calls && names_hash(calls[i])) all.push_back(calls[i]);
    const auto make = [&](std::vector<Call> calls) {
        PlannedTransaction whole = outer;
        whole.activations.back().calls = std::move(calls);
        const Call& last = whole.activations.back().calls.back();
        const Attempt tried = tentatively(whole, last);
        return tried.works && tried.changes ? std::optional(whole) : std::nullopt;
    };
    const std::vector<Call> returns = returns_to(world_, state.plan, call_in(outer));
    for (const Call& first : all) {
        // One without the other undoes everything, and both together do not.
        if (make({first})) continue;
        for (const Call& last : returns)
            if (const auto whole = hooks_.is_over() ? std::nullopt : make({first, last}))
                hooks_.reenters(state.plan, *whole);
        for (const Call& last : all) {
            if (first == last || hooks_.is_over() || !make({first, last})) continue;
            for (const Call& middle : all)
                if (const auto whole = make({first, middle, last})) hooks_.reenters(state.plan, *whole);
            if (const auto again = make({first, call_in(outer), last})) hooks_.reenters(state.plan, *again);
        }
    }
}

}  // namespace interlock::analyzer
