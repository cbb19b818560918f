#include <algorithm>

#include "analyzer/explorer/ascent.hpp"

// Detours: three calls while one waits. What keeps her out may be taken away for a moment, if she puts it back before the one
// that waits goes on: a lock that anybody opens, and whoever finds it open at the end undoes everything.
namespace interlock::analyzer {

namespace {

constexpr std::uint32_t most_states = 2;   // for one function that waits
constexpr std::size_t most_functions = 9;  // of hers
constexpr std::size_t most_calls = 16;

bool names_hash(const Call& call) {
    return std::ranges::any_of(call.arguments, [](const lang::abi::Data& each) {
        const auto* const word = std::get_if<vm::Word>(&each.content);
        return word && is_hash(*word);
    });
}

}  // namespace

void Ascent::find_detours(const State& state, const PlannedTransaction& outer) {
    std::uint32_t& looked = found_in(state).detours[function_of(World::accomplice, call_in(outer))];
    if (looked >= most_states || hooks_.is_over()) return;
    ++looked;
    std::vector<Call> all;
    for (const auto& [function, calls] : watched_)
        if (function.sender == World::accomplice && !calls.empty() && all.size() < most_functions)
            all.push_back(calls.front());
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
    for (const Call& first : all) {
        // One without the other undoes everything, and both together do not.
        if (make({first})) continue;
        for (const Call& last : all) {
            if (first == last || hooks_.is_over() || !make({first, last})) continue;
            for (const Call& middle : all)
                if (const auto whole = make({first, middle, last})) hooks_.reenters(state.plan, *whole);
            if (const auto again = make({first, call_in(outer), last})) hooks_.reenters(state.plan, *again);
        }
    }
}

}  // namespace interlock::analyzer
