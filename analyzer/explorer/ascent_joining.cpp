#include <algorithm>
#include <utility>

#include "analyzer/explorer/ascent.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/traits.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/system/environment.hpp"

// Joining in: most of what there is to take from a system is for those who put something in, and for those who waited.
namespace interlock::analyzer {

namespace {

constexpr std::size_t most_payments = 4, most_openers = 10;

// Returns the call, and where it has two numbers, which may be what is left and what is taken for it, those in which all but one
// are zero.
std::vector<Call> with_one_number_each(const lang::ir::Function& function, const Call& call) {
    constexpr std::size_t numbers = 2;
    std::vector<Call> list{call};
    std::vector<std::size_t> where;
    for (std::size_t i = 0; i < std::min(function.parameters.size(), call.arguments.size()); ++i)
        if (function.parameters[i].type.kind == lang::ir::TypeKind::Uint) where.push_back(i);
    if (where.size() != numbers) return list;
    for (const std::size_t zero : {where.back(), where.front()}) {
        list.push_back(call);
        list.back().arguments[zero] = lang::abi::Data{Word{}};
    }
    return list;
}

// Whether the call names an account: what is left with it is given away.
bool names_somebody(const World& world, const Call& call) {
    return std::ranges::any_of(world.senders(), [&](const Account& each) {
        return std::ranges::count(call.arguments, lang::abi::Data{each.address}) != 0;
    });
}

}  // namespace

// She pays into whatever takes something from her, once, unless she has done so when she was made. What she does then, and
// what time brings her, is looked at before everything else. Where there are two of hers both pay in, also with what was learnt
// meanwhile, and what that leads to counts apart.
void Ascent::join() {
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    State joined;
    joined.background.has_joined = has_colluder_;
    std::map<FunctionId, Refusal> refused;
    bool has_her_own = false;
    (void)pay_in(joined, nullptr, refused, has_her_own);
    const std::size_t paid = joined.plan.size();
    open_what_refused(joined, refused);
    if (has_her_own || joined.plan.size() > paid) pay_into_her_own(joined);
    const auto& prepared = world_.recipe().attacker;
    const bool has_paid = std::ranges::any_of(prepared, [](const Preparation& each) { return !each.value.is_zero(); });
    if (has_paid || !joined.plan.empty()) act_first(joined);
    const Places nothing;
    if (has_colluder_ && pay_in(joined, &nothing, refused, has_her_own)) act_first(joined);
    chain.rewind_to(here);
    chain.set_block(block);
    act_behind_single_payments(joined);
    if (!stake(joined, false) && !hooks_.is_over()) return;
    pledging_ = std::move(joined.plan);
    if (!hooks_.is_over()) join_with_plenty(*std::exchange(pledging_, std::nullopt));
}

// What a pledge is worth depends on how much of everything is hers: she pays in with as much as she can, and leaves a part of it.
void Ascent::join_with_plenty(const Plan& payments) {
    interlude_mends_ = {};
    (void)stake(with_plenty(payments), true);
}

void Ascent::act_first(State joined) {
    look(joined, &start_, nullptr);
    find_reentries(joined);
    const std::vector<State> later = passing_time(joined);
    for (const State& each : later) find_reentries(each);
    declaring_.push_back(joined);
    states_.push_back(std::move(joined));
    states_.insert(states_.end(), later.begin(), later.end());
}

// Where several places take something, what she left in one of them may cover what she takes from another one, and behind all
// of them nothing shows that it did.
void Ascent::act_behind_single_payments(const State& joined) {
    chain::State& chain = world_.state();
    for (std::size_t i = 0; joined.plan.size() > 1 && i < joined.plan.size() && !hooks_.is_over(); ++i) {
        const auto here = chain.checkpoint();
        State alone{.plan = {joined.plan[i]}, .background = joined.background};
        if (replay(alone.plan)) find_reentries(alone);
        single_payments_.push_back(std::move(alone));
        chain.rewind_to(here);
    }
}

// What expects to be paid before it goes on is looked for there, too, one payment at a time.
void Ascent::look_behind_single_payment() {
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const State alone = std::move(single_payments_.front());
    single_payments_.pop_front();
    if (replay(alone.plan)) find_unpaid(alone);
    chain.rewind_to(here);
}

// Behind her payments she makes each call that costs nothing: this is her pledge, that is her delegate. What shows something
// new then is gone on from before everything else.
void Ascent::declare() {
    State& state = declaring_.front();
    if (!std::exchange(state.is_begun, true))
        for (const auto& [function, calls] : watched_)
            for (const Call& call : calls)
                if (function.sender == World::accomplice && !function.is_through_colluder && call.value.is_zero())
                    state.untried.emplace_back(World::accomplice, call);
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    const bool is_there = replay(state.plan);
    for (; is_there && !state.untried.empty() && !hooks_.is_over(); state.untried.pop_front()) {
        const auto known = static_cast<std::ptrdiff_t>(states_.size());
        act(state, World::accomplice, state.untried.front().second);
        const auto declared =
            std::stable_partition(states_.begin() + known, states_.end(), [](const State& each) { return each.news == 0; });
        std::move(declared, states_.end(), std::back_inserter(declared_));
        states_.erase(declared, states_.end());
    }
    chain.rewind_to(here);
    chain.set_block(block);
    if (is_there ? state.untried.empty() : !hooks_.is_over()) declaring_.pop_front();
}

// `written`: only what was refused before is tried again, if it reads that, or with other arguments. Returns whether something
// was paid. `has_bought`: for its price.
bool Ascent::pay_in(State& joined, const Places* written, std::map<FunctionId, Refusal>& refused, bool& has_bought) {
    bool pays = false;
    for (const auto& [function, calls] : watched_) {
        if (function.sender != World::accomplice || joined.plan.size() >= most_payments || hooks_.is_over()) continue;
        const auto before = refused.find(function);
        if (written && (before == refused.end() || !before->second.may_end(calls, *written))) continue;
        const lang::ir::Contract& contract = world_.contract(function.contract).ir();
        const bool tells = contract.functions[function.function].selector == token_selector::transfer_and_call,
                   takes_tokens =
                       tells || (world_.artifact_of(function.contract) && moves_tokens(contract, function.function));
        Places read;
        bool is_refused = false;
        const auto make = [&](const Call& each) -> std::optional<Failure> {
            Attempt tried = tentatively(transaction_of(World::accomplice, each), each);
            for (const std::uint64_t place : tracer_.read.all()) read.add(place);
            if (!tried.works) return std::move(tried.failure);
            return tried.changes ? std::nullopt : std::optional(Failure{});
        };
        std::vector<Call> without_success;  // of those with ether
        std::optional<Call> taken;
        for (std::size_t c = 0; c < calls.size() && !taken; ++c) {
            const Call& call = calls[c];
            if (call.value.is_zero() && !takes_tokens) continue;
            is_refused = make(call).has_value();
            if (!is_refused) taken = call;
            else if (!call.value.is_zero()) without_success.push_back(call);
        }
        if (takes_tokens && (!taken || taken->value.is_zero())) {
            // What is asked beside her ether may be a little more than she has.
            if (const auto with_ether = most_of_ether(without_success, !taken, make)) taken = with_ether;
            else if (taken) taken = part_of_what_passes(*taken, 2);
        }
        // What has a price of its own takes that, and no more: then something there is hers.
        if (!takes_tokens && !taken) {
            for (std::size_t c = 0; c < without_success.size() && !taken; ++c)
                taken = mend(make(without_success[c]), interlude_mends_, make);
            has_bought |= taken.has_value();
        }
        if (taken) {
            is_refused = false;
            Attempt paid = attempt(transaction_of(World::accomplice, *taken), *taken);
            auto& activations = paid.done.activations;
            for (std::size_t i = activations.size() - 1; i < paid.met.size(); ++i) activations.push_back(paid.met[i]);
            joined.plan.push_back(std::move(paid.done));
            pays = true;
        }
        read.settle();
        if (is_refused) refused[function] = {std::move(read), calls};
        else refused.erase(function);
    }
    return pays;
}

// Returns the first of the calls that passes with another number and with most of its ether, or else, if less will do, the one
// that passes with most ether. What is asked as it is, and no less, is a fee.
std::optional<Call> Ascent::most_of_ether(const std::vector<Call>& calls, bool less_will_do,
                                          const std::function<std::optional<Failure>(const Call&)>& make) {
    std::optional<Call> most;
    const auto is_fee = [&](Call passed) {
        passed.value = passed.value / Word{2};
        return make(passed).has_value();
    };
    for (const Call& call : calls) {
        std::optional<Call> passed = mend(make(call), interlude_mends_, make);
        if (passed && passed->value > call.value / Word{2}) return passed;
        if (less_will_do && passed && (!most || passed->value > most->value) && !is_fee(*passed)) most = std::move(passed);
    }
    return most;
}

// Some take nothing from her before she has opened an account, or founded what takes it: a call that costs nothing.
void Ascent::open_what_refused(State& joined, std::map<FunctionId, Refusal>& refused) {
    chain::State& chain = world_.state();
    std::vector<Call> openers;
    bool has_bought = false;
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
            if (pay_in(joined, &written, refused, has_bought)) continue;
            joined.plan.pop_back();
        }
        chain.rewind_to(here);
    }
    candidates_.refresh();
    choose_watched();
}

// Whether or not she has paid into what others have, she pays into what she has founded since, which has a number.
void Ascent::pay_into_her_own(State& joined) {
    constexpr std::size_t most_of_function = 48;
    constexpr std::uint64_t greatest_number = 1'000;
    std::map<FunctionId, std::size_t> count;
    const auto is_number = [](const lang::abi::Data& each) {
        const auto* const word = std::get_if<Word>(&each.content);
        return word && !word->is_zero() && *word <= Word{greatest_number};
    };
    const auto is_paid = [&](const Call& call) {
        return std::ranges::any_of(joined.plan, [&](const PlannedTransaction& each) {
            const Call& paid = call_in(each);
            return paid.contract == call.contract && paid.function == call.function && paid.arguments == call.arguments;
        });
    };
    const auto calls = candidates_.calls(Caller::Attacker, 1);
    for (const Call& call : *calls) {
        std::size_t& tried = count[function_of(World::accomplice, call)];
        if (call.value.is_zero() || std::ranges::none_of(call.arguments, is_number) || is_paid(call)) continue;
        if (hooks_.is_over()) return;
        if (++tried > most_of_function) continue;
        Attempt now = tentatively(transaction_of(World::accomplice, call), call);
        if (!now.works || !now.changes) continue;
        tried = most_of_function;
        (void)attempt(now.done, call);
        joined.plan.push_back(std::move(now.done));
    }
}

// What she got by a payment she may leave somewhere, for what can be had against it: some of her shares, as a pledge. What
// follows the payment (a swap perhaps) may spoil that, so it is tried behind each of them. Returns whether there is such a
// thing.
bool Ascent::stake(const State& joined, bool is_rich) {
    chain::State& chain = world_.state();
    bool is_staked = false;
    for (std::size_t payments = 1; payments <= joined.plan.size() && !hooks_.is_over(); ++payments) {
        const auto here = chain.checkpoint();
        State paid{.plan = {joined.plan.begin(), joined.plan.begin() + static_cast<std::ptrdiff_t>(payments)},
                   .background = joined.background};
        if (replay(paid.plan)) is_staked |= stake_behind(paid, is_rich);
        chain.rewind_to(here);
    }
    return is_staked;
}

bool Ascent::stake_behind(const State& paid, bool is_rich) {
    bool is_staked = false;
    const std::uint64_t part = is_rich ? 64 : 8;  // there may be little to borrow
    chain::State& chain = world_.state();
    const std::vector<Ledger> ledgers = ledgers_of(world_);
    const Purse purse(world_);
    const std::vector<Word> shares = entries_of_attacker(world_, ledgers);
    const Wealth wealth = purse.of_attacker(world_);
    const auto is_stake = [&](const Attempt& made) {
        const std::vector<Word> left = entries_of_attacker(world_, ledgers);
        bool falls = false;
        for (std::size_t i = 0; i < left.size(); ++i) falls |= left[i] < shares[i];
        return made.works && falls && is_nowhere_below(wealth, purse.of_attacker(world_));
    };
    const auto leave = [&](const Call& call) {
        if (names_somebody(world_, call) || hooks_.is_over()) return;
        const auto here = chain.checkpoint();
        State staked{.plan = paid.plan, .background = paid.background};
        Attempt made = attempt(transaction_of(World::accomplice, call), call);
        if (is_stake(made)) {
            is_staked = true;
            staked.plan.push_back(std::move(made.done));
            if (is_rich) {
                found_in(staked).interludes.clear();
                find_only_interludes(staked);
            } else {
                look(staked, &start_, nullptr);
                find_interludes(staked);
                states_.push_back(std::move(staked));
            }
        }
        chain.rewind_to(here);
    };
    for (const auto& [function, calls] : watched_) {
        if (function.sender != World::accomplice || function.is_through_colluder || calls.empty()) continue;
        for (const Call& first : with_one_number_each(world_.function_of(calls.front()), calls.front())) {
            leave(part_of_what_passes(first, part));
            if (!is_rich) continue;
            // Where hers is all that there is, next to nothing is enough.
            for (const Call& little : with_extremes(world_.function_of(first), first, Extreme::Little)) leave(little);
        }
    }
    return is_staked;
}

// Returns the state in which she makes these payments with half of what she has, as far as that passes.
Ascent::State Ascent::with_plenty(const Plan& payments) {
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const auto make = [&](const Call& each) -> std::optional<Failure> {
        Attempt tried = tentatively(transaction_of(World::accomplice, each), each);
        if (!tried.works) return std::move(tried.failure);
        return std::nullopt;
    };
    State rich;
    rich.background.has_joined = has_colluder_;
    for (const PlannedTransaction& paid : payments) {
        Call call = call_in(paid);
        if (!call.value.is_zero()) {
            Call more = call;
            more.value = World::attack_capital / Word{2};
            auto failure = make(more);
            const auto passed = failure ? mend(std::move(failure), interlude_mends_, make) : more;
            if (passed && passed->value > call.value) call = *passed;
        }
        if (!names_somebody(world_, call)) call = part_of_what_passes(call, 2);
        PlannedTransaction planned = paid;
        call_in(planned) = call;
        Attempt made = attempt(planned, call);
        if (!made.works) {
            made = attempt(paid, call_in(paid));
            if (!made.works) break;
        }
        rich.plan.push_back(std::move(made.done));
    }
    chain.rewind_to(here);
    return rich;
}

// Returns her call with this part of the largest number that passes, in the first place where there is such a one.
Call Ascent::part_of_what_passes(const Call& call, std::uint64_t part) {
    Mends mends;  // what was tried in vain elsewhere says nothing of how much she has
    const auto make = [&](const Call& each) -> std::optional<Failure> {
        Attempt tried = tentatively(transaction_of(World::accomplice, each), each);
        if (!tried.works) return std::move(tried.failure);
        return std::nullopt;
    };
    for (const Call& large : with_extremes(world_.function_of(call), call, Extreme::TooLarge)) {
        std::optional<Call> most = mend(make(large), mends, make);
        for (std::size_t i = 0; most && i < most->arguments.size(); ++i) {
            if (most->arguments[i] == call.arguments[i]) continue;
            auto* const number = std::get_if<Word>(&most->arguments[i].content);
            if (number) *number = *number / Word{part};
        }
        if (most && !make(*most)) return *most;
    }
    return call;
}

}  // namespace interlock::analyzer
