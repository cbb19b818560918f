#include "analyzer/explorer/ascent.hpp"

#include <algorithm>
#include <utility>

#include "analyzer/devnet/colluder.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/traits.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::size_t most_watched = 6;       // calls of one function, to see where it ends
constexpr std::size_t most_of_function = 24;  // calls of one function that others make
constexpr std::uint32_t most_alike = 3;       // states in which a function ends at the same place
constexpr std::size_t most_transactions = 8;
constexpr std::size_t most_early = 2;
// Instead of places, with the last step times four: a call works, or hands control to her; and changes nothing.
constexpr std::uint64_t works = 0, hands_over = 1, is_idle = 2;

// Returns a place for a call that works. It is another one if another function made it work.
std::uint64_t place_of_success(std::uint64_t what, const Plan& plan) {
    if (plan.empty()) return what;
    const PlannedTransaction& last = plan.back();
    const Call& call = last.is_attack ? last.activations.front().calls.front() : last.call;
    const std::uint64_t sender = last.is_attack ? World::accomplice : last.sender;
    return (((sender << 16u) + static_cast<std::uint64_t>(call.contract) + 1) << 20u | call.function) << 2u | what;
}

bool is_success(std::uint64_t place) { return place < std::uint64_t{1} << 44u; }  // others are hashes

std::uint64_t kind_of(std::uint64_t success) { return success & 3u; }

bool is_of_hers(std::uint32_t sender) { return sender == World::accomplice || sender == her_account; }

}  // namespace

PlannedTransaction transaction_of(std::uint32_t sender, const Call& call) {
    PlannedTransaction planned;
    planned.is_attack = sender == World::accomplice;
    planned.sender = planned.is_attack ? 0 : sender == her_account ? World::accomplice : sender;
    if (planned.is_attack) planned.activations.push_back({std::nullopt, {call}});
    else planned.call = call;
    return planned;
}

const Call& call_in(const PlannedTransaction& planned) {
    return planned.is_attack ? planned.activations.front().calls.front() : planned.call;
}

Call& call_in(PlannedTransaction& planned) {
    return planned.is_attack ? planned.activations.front().calls.front() : planned.call;
}

Ascent::Ascent(World& world, const std::set<ArtifactIndex>& off_limits, Hooks hooks)
    : world_(world),
      candidates_(world, observations_, off_limits),
      replies_(world, observations_),
      pauses_(world, observations_),
      hooks_(std::move(hooks)),
      execution_(world.state()),
      tracer_(observations_),
      has_colluder_(colluder_of(world).has_value()),
      has_account_(std::ranges::any_of(world.contracts(), [&](const DeployedContract& each) {
          return world.artifact_of(each) && asks_for_plain_accounts(each.ir());
      })) {
    execution_.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
    world_.observe(execution_.machine());
}

Ascent::FunctionId Ascent::function_of(std::uint32_t sender, const Call& call) const {
    if (const auto carried = has_colluder_ ? carried_call(world_, call) : std::nullopt)
        return {sender, carried->contract, carried->function, true};
    return {sender, call.contract, call.function};
}

Ascent::FunctionId Ascent::function_of(const PlannedTransaction& outer) const {
    const bool is_her_account = !outer.is_attack && outer.sender == World::accomplice;
    return function_of(outer.is_attack ? World::accomplice : is_her_account ? her_account : outer.sender, call_in(outer));
}

bool Ascent::climb() {
    if (!std::exchange(has_begun_, true)) begin();
    if (const auto payments = hooks_.is_over() ? std::nullopt : std::exchange(pledging_, std::nullopt)) {
        join_with_plenty(*payments);
        return true;
    }
    if (!single_payments_.empty()) {
        look_behind_single_payment();
        return true;
    }
    if (!declaring_.empty()) {
        declare();
        return true;
    }
    if (!declared_.empty()) {
        State state = std::move(declared_.front());
        declared_.pop_front();
        expand(std::move(state));
        return true;
    }
    if (!corrections_.empty()) {
        const Correction correction = std::move(corrections_.front());
        corrections_.pop_front();
        correct(correction);
        return true;
    }
    if (!roomy_.empty()) {
        const State state = std::move(roomy_.front());
        roomy_.pop_front();
        look_in_room(state);
        return true;
    }
    if (states_.empty()) return false;
    // Of equal ones the oldest. Those in which both of hers have joined in and the others take turns.
    prefers_joined_ = !prefers_joined_;
    const auto best = std::ranges::max_element(
        states_, [this](const State& a, const State& b) { return a.is_behind(b, prefers_joined_); });
    State state = std::move(*best);
    states_.erase(best);
    expand(std::move(state));
    return true;
}

void Ascent::begin() {
    wealth_at_start_ = Purse(world_).of_attacker(world_);
    candidates_.refresh();
    choose_watched();
    look(start_, nullptr, nullptr);
    states_.push_back(start_);
    join();
}

// Those calls of which something was learnt come first.
void Ascent::choose_watched() {
    for (auto& [function, some] : watched_) some.clear();
    for (const std::uint32_t sender : {World::owner_index, World::accomplice, her_account})
        for (const Call& call : sender != her_account || has_account_ ? some_calls(sender) : std::vector<Call>{})
            if (auto& some = watched_[function_of(sender, call)]; some.size() < most_watched) some.push_back(call);
}

bool Ascent::replay(const Plan& plan) {
    return std::ranges::all_of(plan, [&](const PlannedTransaction& planned) {
        return !hooks_.is_over() && attempt(planned, call_in(planned)).works;
    });
}

// Everything that is tried in a state, in two parts: first the passing of time, and what she does where control reaches
// her; later a call of everybody. What there is no time for is left for later still, when others had their turn.
void Ascent::expand(State state) {
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    const bool is_there = replay(state.plan);
    if (is_there && !state.is_begun) begin_with(state);
    else if (is_there)
        for (; !state.untried.empty() && !hooks_.is_over(); state.untried.pop_front()) {
            const auto& [sender, call] = state.untried.front();
            act(state, sender, call);
        }
    chain.rewind_to(here);
    chain.set_block(block);
    if (is_there ? state.untried.empty() : !hooks_.is_over()) return;
    if (std::exchange(state.is_begun, true)) state.news /= 2;
    states_.push_back(std::move(state));
}

void Ascent::begin_with(State& state) {
    candidates_.refresh();
    choose_watched();
    if (state.plan.size() < most_transactions) state.untried = calls_in_turns();
    for (State& each : passing_time(state)) states_.push_back(std::move(each));
    find_interludes(state);
}

// Returns the states behind it in which only time has passed, as far as they show something new.
std::vector<Ascent::State> Ascent::passing_time(const State& state) {
    chain::State& chain = world_.state();
    std::vector<State> list;
    for (const auto& [wait, cost] : pauses_.at(chain.block(), false, false)) {
        if (hooks_.is_over() || state.wait != Wait{}) break;
        const vm::BlockContext now = chain.block();
        world_.pass(wait);
        State later{.plan = state.plan, .wait = wait, .background = state.background};
        Places time;
        time.add(Places::time);
        look(later, &state, &time);
        if (later.news > 0) list.push_back(std::move(later));
        chain.set_block(now);
    }
    return list;
}

// Everybody's first calls of each function come before their second ones.
std::deque<std::pair<std::uint32_t, Call>> Ascent::calls_in_turns() {
    std::map<FunctionId, std::size_t> count;
    std::vector<std::deque<std::pair<std::uint32_t, Call>>> turns(most_of_function);
    for (const std::uint32_t sender : {World::owner_index, World::accomplice, her_account, 0u})
        for (Call& call : sender != her_account || has_account_ ? some_calls(sender) : std::vector<Call>{}) {
            const std::size_t turn = count[function_of(sender, call)]++;
            turns[turn].emplace_back(sender, std::move(call));
        }
    std::deque<std::pair<std::uint32_t, Call>> all;
    for (auto& turn : turns) std::ranges::move(turn, std::back_inserter(all));
    return all;
}

// Returns calls that the sender makes; for the accomplice it is her contract that makes them.
std::vector<Call> Ascent::some_calls(std::uint32_t sender) {
    const bool is_hers = is_of_hers(sender);
    std::map<FunctionId, std::size_t> count;
    std::vector<Call> some;
    const auto all = candidates_.calls(is_hers ? Caller::Attacker : Caller::Honest, 1);
    for (const Call& call : *all) {
        std::size_t& known = count[function_of(sender, call)];
        if (known == most_of_function || (!is_hers && !hooks_.is_made(sender, call, call))) continue;
        ++known;
        some.push_back(call);
    }
    return some;
}

void Ascent::act(const State& state, std::uint32_t sender, const Call& call) {
    if (!world_.is_there(world_.contract(call.contract))) return;
    const auto make = [&](const Call& each) -> std::optional<Failure> {
        if (hooks_.is_over() || (!is_of_hers(sender) && !hooks_.is_made(sender, each, call))) return Failure{};
        return try_step(state, sender, each);
    };
    if (const auto mended = mend(make(call), mends_, make))
        candidates_.add_mended(is_of_hers(sender) ? Caller::Attacker : Caller::Honest, *mended, call);
}

std::optional<Failure> Ascent::try_step(const State& state, std::uint32_t sender, const Call& call) {
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    PlannedTransaction planned = transaction_of(sender, call);
    planned.wait = state.wait;
    Attempt tried = attempt(std::move(planned), call);
    if (!tried.works) return std::move(tried.failure);
    hooks_.works();
    Places written = tracer_.written;
    if (!call.value.is_zero()) written.add(Places::balances);
    const bool is_idle = written.all().empty();
    if (state.wait != Wait{}) written.add(Places::time);
    written.settle();
    const chain::Fingerprint now = chain.fingerprint();
    if (fingerprints_.insert({now.low ^ chain.block().timestamp, now.high}).second) {
        State next{.plan = state.plan, .background = state.background};
        next.plan.push_back(std::move(tried.done));
        look(next, &state, &written);
        std::set<FunctionId>& early = next.background.early;
        if (next.news == 0 && !is_idle && early.size() < most_early) {
            if (early.insert(function_of(sender, call)).second && backgrounds_.insert(next.background).second)
                states_.push_back(std::move(next));
        } else if (next.news > 0) {
            states_.push_back(std::move(next));
        }
    }
    chain.rewind_to(here);
    chain.set_block(block);
    return std::nullopt;
}

// Whether a transaction of the sender has changed anything but that it was sent.
bool Ascent::changes_since(const chain::Fingerprint& before, const Address& sender, std::uint64_t nonce) {
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    chain.set_nonce(sender, nonce);
    const bool changes = chain.fingerprint() != before;
    chain.rewind_to(here);
    return changes;
}

Ascent::Attempt Ascent::attempt(PlannedTransaction planned, const Call& call) {
    constexpr std::size_t most_runs = 10;
    chain::State& chain = world_.state();
    const auto here = chain.checkpoint();
    const vm::BlockContext block = chain.block();
    const std::size_t own = planned.is_attack ? 1 : 0;
    const Address sender = planned.is_attack ? world_.mallory().address : world_.senders()[planned.sender].address;
    const chain::Fingerprint before = chain.fingerprint();
    const std::uint64_t nonce = chain.nonce(sender);
    Attempt attempt;
    for (std::size_t run = 0; run < most_runs; ++run) {
        std::vector<Activation> met;  // where control reaches her
        bool is_start = planned.is_attack;
        tracer_.begin_run();
        execution_.machine().set_tracer(&tracer_);
        attempt.works = perform(world_, execution_, planned, [&](const vm::Message& message, const auto& during) {
            if (std::exchange(is_start, false)) return;
            Activation& activation = met.emplace_back();
            activation.selector = selector_of(message.input);
            activation.is_static = message.is_static;
            activation.turn = message.is_static ? 0 : current_turn(world_);
            activation.during = during;
        });
        execution_.machine().set_tracer(nullptr);
        attempt.hands_over |= std::ranges::any_of(met, [](const auto& each) { return each.turn != 0; });
        (void)observations_.learn(call, chain.block().timestamp, chain.block().number, !attempt.works);
        if (attempt.works) {
            attempt.met = std::move(met);
            attempt.changes = changes_since(before, sender, nonce);
            attempt.after = chain.fingerprint();
            break;
        }
        if (run == 0) attempt.met = met;
        observations_.learn_threshold(call);
        chain.rewind_to(here);
        chain.set_block(block);
        // It may be that she has to answer something else, the last time at least.
        for (std::size_t i = own; i < planned.activations.size(); ++i)
            if (const auto& selector = planned.activations[i].selector)
                observations_.learn_answer(*selector, planned.activations[i].answer);
        bool is_other = false;
        for (std::size_t i = 0; i < met.size(); ++i) {
            const auto& answers = replies_.to(met[i], 1);
            const bool is_last = i + 1 == met.size(), is_known = own + i < planned.activations.size();
            if (is_last && run >= answers.size()) break;
            if (is_known) met[i].calls = planned.activations[own + i].calls;
            met[i].answer = is_last ? answers[run] : is_known ? planned.activations[own + i].answer : answers.front();
            is_other |= !is_known ? !met[i].answer.empty() : met[i].answer != planned.activations[own + i].answer;
        }
        if (!is_other) break;
        planned.activations.resize(own);
        planned.activations.insert(planned.activations.end(), met.begin(), met.end());
    }
    if (!attempt.works) {
        attempt.failure = observations_.failure_of(call);
        hooks_.have_signed(call, observations_, attempt.failure);
    }
    attempt.done = std::move(planned);
    return attempt;
}

// --- what they see ---

void Ascent::look(State& state, const State* before, const Places* written) {
    for (const auto& [function, calls] : watched_) {
        const auto there = before ? before->ends.find(function) : state.ends.end();
        const End* const known = before && there != before->ends.end() ? &there->second : nullptr;
        const bool is_there = world_.is_there(world_.contract(function.contract)),
                   was_there = known && (!known->places.empty() || !known->read.all().empty());
        if (hooks_.is_over() || !is_there || (was_there && written && !known->read.meets(*written))) {
            state.ends[function] = known ? *known : End{};
            continue;
        }
        End end = end_of(function, state, known);
        const auto worked_before = [&](std::uint64_t place) {
            return is_success(place) && std::ranges::any_of(known->places, [&](std::uint64_t other) {
                       return is_success(other) && kind_of(other) == kind_of(place);
                   });
        };
        for (const std::uint64_t place : end.places)
            if (!known || (std::ranges::count(known->places, place) == 0 && !worked_before(place)))
                note(function, place, state);
        state.ends[function] = std::move(end);
    }
}

Ascent::End Ascent::end_of(const FunctionId& function, const State& state, const End* before) {
    chain::State& chain = world_.state();
    End end;
    const auto add = [&](std::uint64_t place) {
        if (std::ranges::count(end.places, place) == 0) end.places.push_back(place);
    };
    const bool is_hers = function.sender == World::accomplice;
    std::map<std::uint64_t, Call> working;  // by the kind of success, the first
    const auto make_instead = [&](const Call& instead_of, const Call& call) -> std::optional<Failure> {
        const bool is_honest = !is_of_hers(function.sender);
        if (hooks_.is_over() || (is_honest && !hooks_.is_made(function.sender, call, instead_of))) return Failure{};
        const auto here = chain.checkpoint();
        const vm::BlockContext block = chain.block();
        Attempt tried = attempt(transaction_of(function.sender, call), call);
        for (const std::uint64_t place : tracer_.read.all()) end.read.add(place);
        if (!tried.works) propose_corrections(state, function.sender, call, tried.failure);
        chain.rewind_to(here);
        chain.set_block(block);
        const std::uint64_t idle = tried.changes ? 0 : is_idle;
        if (tried.hands_over) working.try_emplace(hands_over | idle, call);
        if (!tried.works) return std::move(tried.failure);
        working.try_emplace(works | idle, call);
        return std::nullopt;
    };
    const auto is_seen = [&](std::uint64_t place, std::uint32_t times) {
        const auto seen = seen_.find({state.background, function, place});
        return seen != seen_.end() && seen->second >= times;
    };
    for (const Call& call : watched_.at(function)) {
        std::optional<Call> furthest;
        std::size_t length = 0;
        const auto make = [&](const Call& each) {
            std::optional<Failure> failure = make_instead(call, each);
            if (failure && failure->length > length) {
                furthest = each;
                length = failure->length;
            }
            return failure;
        };
        std::optional<Failure> failure = make(call);
        if (!failure) continue;
        const std::uint64_t place = failure->place;
        add(place);
        if ((before && std::ranges::count(before->places, place) != 0) || is_seen(place, most_alike)) continue;
        if (const auto mended = mend(std::move(failure), mends_, make))
            candidates_.add_mended(is_of_hers(function.sender) ? Caller::Attacker : Caller::Honest, *mended, call);
        else if (is_hers && furthest && *furthest != call) candidates_.add_further(*furthest);
    }
    for (const auto& [kind, call] : working) add(place_of_success(kind, state.plan));
    end.read.settle();
    const auto is_new = [&](std::uint64_t what) {
        return is_hers && (!before || std::ranges::none_of(before->places, [&](std::uint64_t place) {
                   return is_success(place) && kind_of(place) == what;
               }));
    };
    for (const std::uint64_t kind : {hands_over, hands_over | is_idle, works, works | is_idle})
        if (const auto one = working.find(kind); one != working.end() && is_new(kind)) {
            tell(state, function, kind, one->second);
            break;
        }
    return end;
}

void Ascent::tell(const State& state, const FunctionId& function, std::uint64_t what, const Call& call) {
    constexpr std::uint32_t most_working = 1, most_handing_over = 2;
    std::uint32_t& told = told_[{function, place_of_success(what, state.plan)}];
    const bool hands = (what & hands_over) != 0;
    if (told >= (hands ? most_handing_over : most_working)) return;
    ++told;
    hooks_.reached(state.plan, state.wait, call, hands);
}

void Ascent::note(const FunctionId& function, std::uint64_t place, State& state) {
    constexpr std::uint32_t much = 3;
    std::uint32_t& times = seen_[{state.background, function, place}];
    if (times >= most_alike) return;
    ++times;
    state.news += is_success(place) ? much : 1;
}

}  // namespace interlock::analyzer
