#include <algorithm>

#include "analyzer/explorer/ascent.hpp"

// Things of one kind that are known by their numbers: what locks one of them may leave another one open.
namespace interlock::analyzer {

namespace {

constexpr std::uint64_t most_number = 1'000;
constexpr std::uint32_t most_twins = 12;  // of one function

Call with_next_number(Call call, const lang::abi::Data& number, const lang::abi::Data& next) {
    std::ranges::replace(call.arguments, number, next);
    return call;
}

// Returns the plan in which all that is done with the thing of this number is done with that of the next one, too, and what she
// did before anybody named it, twice: one of these calls made it.
Plan with_twin(const Plan& plan, const lang::abi::Data& number, const lang::abi::Data& next) {
    Plan twice;
    bool is_there = false;
    for (const PlannedTransaction& planned : plan) {
        twice.push_back(planned);
        const Call& call = call_in(planned);
        const bool names_it = std::ranges::count(call.arguments, number) != 0;
        is_there |= names_it;
        const bool is_for_both = planned.is_attack ? names_it || !is_there : names_it && call.value.is_zero();
        if (!is_for_both) continue;
        PlannedTransaction& again = twice.emplace_back(planned);
        again.wait = {};
        call_in(again) = with_next_number(call, number, next);
    }
    return twice;
}

}  // namespace

// In the middle of a call with one number she makes it with the next one, of a thing that she has prepared in the same way.
void Ascent::find_twins(const State& state, const PlannedTransaction& outer) {
    const Call& call = call_in(outer);
    std::uint32_t& told = found_in(state).twins[function_of(World::accomplice, call)];
    for (const lang::abi::Data& argument : call.arguments) {
        const auto* number = std::get_if<Word>(&argument.content);
        if (!number || *number > Word{most_number} || hooks_.is_over() || told >= most_twins) continue;
        ++told;
        const lang::abi::Data next{*number + Word{1}};
        PlannedTransaction whole = outer;
        whole.activations.back().calls = {with_next_number(call, argument, next)};
        hooks_.reenters(with_twin(state.plan, argument, next), whole);
    }
}

}  // namespace interlock::analyzer
