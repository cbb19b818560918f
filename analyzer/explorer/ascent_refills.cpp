#include <algorithm>
#include <utility>

#include "analyzer/explorer/ascent.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/traits.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "chain/genesis.hpp"

// Where a contract has too little left for the same call of hers twice, others make room for it: they pay in before, as they
// are, in the next round, which the owner opens, or into what they have founded as she did; or the owner gave larger numbers.
namespace interlock::analyzer {

namespace {

constexpr std::uint32_t most_refills = 3, most_questions = 12;  // of one function
constexpr std::size_t most_tries = 24;                          // of calls that do something first
constexpr std::uint64_t plenty = 10;
constexpr std::uint64_t small = 4, roomy = 64;
constexpr std::uint32_t most_roomy = 8;  // of one function

// Calls `visit(number)` for each small number in the arguments, lists and structures included.
template <typename Visit>
void for_each_small(std::vector<lang::abi::Data>& arguments, const Visit& visit) {
    for (lang::abi::Data& each : arguments) {
        if (auto* const parts = std::get_if<std::vector<lang::abi::Data>>(&each.content)) for_each_small(*parts, visit);
        else if (auto* const number = std::get_if<Word>(&each.content))
            if (!number->is_zero() && *number <= Word{small}) visit(*number);
    }
}

}  // namespace

// A supply of one is no limit for each: where her call works, and not once more in the middle of it, each small number that
// the owner gave may have been larger.
void Ascent::propose_room(const State& state, const PlannedTransaction& outer) {
    std::uint32_t& proposed = found_in(state).roomy[function_of(World::accomplice, call_in(outer))];
    if (proposed >= most_roomy || hooks_.is_over()) return;
    PlannedTransaction twice = outer;
    twice.activations.back().calls = {call_in(outer)};
    const Attempt tried = tentatively(twice, call_in(outer));
    if (tried.works && is_made_inside(tried.done, call_in(outer))) return;
    for (std::size_t i = 0; i < state.plan.size(); ++i) {
        if (state.plan[i].is_attack || state.plan[i].sender != World::owner_index) continue;
        State larger{.plan = state.plan, .wait = state.wait, .background = state.background};
        for_each_small(call_in(larger.plan[i]).arguments, [&](Word& number) {
            if (proposed >= most_roomy) return;
            ++proposed;
            const Word before = std::exchange(number, Word{roomy});
            roomy_.push_back(larger);
            number = before;
        });
    }
}

void Ascent::look_in_room(const State& state) {
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    if (replay(state.plan)) {
        candidates_.refresh();
        choose_watched();
        find_reentries(state);
    }
    chain.rewind_to(here);
    chain.set_block(block);
}

// Returns the asset of which the call gives her more than the contract that she calls has left.
std::optional<std::size_t> Ascent::short_of(const PlannedTransaction& outer) {
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    const Purse purse(world_);
    PlannedTransaction alone = outer;
    alone.activations.resize(1);
    const Wealth before = purse.of_attacker(world_);
    const bool works = attempt(alone, call_in(alone)).works;
    const Wealth after = purse.of_attacker(world_);
    const Wealth left = purse.of(world_, {world_.contract(call_in(outer).contract).address});
    chain.rewind_to(here);
    chain.set_block(block);
    for (std::size_t i = 0; i < after.size() && works; ++i)
        if (after[i] > before[i] && left[i] < after[i] - before[i]) return i;
    return std::nullopt;
}

void Ascent::find_refilled(const State& state, const PlannedTransaction& outer) {
    auto& [refills, questions] = found_in(state).refills[function_of(World::accomplice, call_in(outer))];
    if (refills >= most_refills || questions >= most_questions || hooks_.is_over()) return;
    ++questions;
    const auto asset = short_of(outer);
    if (!asset) return;
    ++refills;
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    State filled{.plan = state.plan, .wait = state.wait, .background = state.background};
    bool is_filled = others_pay(filled, outer, *asset);
    // The owner does what he did before, or alice what she did.
    for (const std::uint32_t sender : {World::owner_index, 0u})
        for (std::size_t i = 0; i < state.plan.size() && !is_filled; ++i) {
            const PlannedTransaction& done = state.plan[i];
            const bool is_same = sender == 0 ? done.is_attack : !done.is_attack && done.sender == sender;
            if (is_same && does_again(filled, sender, call_in(done))) is_filled = others_pay(filled, outer, *asset);
        }
    if (is_filled) {
        PlannedTransaction next = outer;
        next.wait = {};
        find_reentries(filled, next);
        try_detours(filled, next);
    }
    chain.rewind_to(here);
    chain.set_block(block);
    candidates_.refresh();
}

// Performs the call, and adds it to the plan if it works. Alice names nobody of hers.
std::optional<Failure> Ascent::add_if_it_works(State& state, std::uint32_t sender, const Call& call) {
    const bool names_her = std::ranges::any_of(
        world_.hers(), [&](const Address& each) { return std::ranges::count(call.arguments, lang::abi::Data{each}) != 0; });
    if (hooks_.is_over() || (sender == 0 && names_her) || !hooks_.is_made(sender, call, call)) return Failure{};
    PlannedTransaction planned = transaction_of(sender, call);
    planned.wait = state.wait;
    const vm::BlockContext block = world_.state().block();
    const auto here = world_.state().checkpoint();
    Attempt tried = attempt(std::move(planned), call);
    if (tried.works && tried.changes) {
        state.plan.push_back(std::move(tried.done));
        state.wait = {};
        return std::nullopt;
    }
    world_.state().rewind_to(here);
    world_.state().set_block(block);
    return tried.works ? Failure{} : std::move(tried.failure);
}

bool Ascent::does_again(State& filled, std::uint32_t sender, const Call& done) {
    if (sender == World::owner_index) return !add_if_it_works(filled, sender, done);
    std::size_t tries = 0;
    const auto calls = candidates_.calls(Caller::Honest, 1);
    for (const Call& call : *calls) {
        if (call.contract != done.contract || call.function != done.function || tries == most_tries) continue;
        ++tries;
        const auto make = [&](const Call& each) { return add_if_it_works(filled, sender, each); };
        auto failure = make(call);
        if (!failure || mend(std::move(failure), interlude_mends_, make)) return true;
    }
    return false;
}

// Whether alice pays some of the asset into the contract, and the call still works.
bool Ascent::others_pay(State& filled, const PlannedTransaction& outer, std::size_t asset) {
    chain::State& chain = world_.state();
    const Purse purse(world_);
    const DeployedIndex contract = call_in(outer).contract;
    const auto held = [&] { return purse.of(world_, {world_.contract(contract).address}, asset); };
    PlannedTransaction alone = outer;
    alone.activations.resize(1);
    alone.wait = {};
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    const Plan plan = filled.plan;
    const Wait wait = filled.wait;
    const Word before = held();
    const auto make = [&](const Call& call) -> std::optional<Failure> {
        if (auto failure = add_if_it_works(filled, 0, call)) return failure;
        if (held() > before && tentatively(alone, call_in(alone)).works) return std::nullopt;
        filled.plan = plan;
        filled.wait = wait;
        chain.rewind_to(here);
        chain.set_block(block);
        return Failure{};
    };
    candidates_.refresh();
    const auto calls = candidates_.calls(Caller::Honest, 1);
    std::map<std::uint32_t, std::size_t> tries;
    for (const Call& call : *calls) {
        if (call.contract != contract || hooks_.is_over()) continue;
        if (call.value.is_zero() && !moves_tokens(world_.contract(contract).ir(), call.function)) continue;
        if (++tries[call.function] > most_tries) continue;
        Call more = call;
        more.value = call.value * Word{plenty};
        if (!call.value.is_zero() && !make(more)) return true;
        auto failure = make(call);
        if (!failure || mend(std::move(failure), interlude_mends_, make)) return true;
    }
    return false;
}

}  // namespace interlock::analyzer
