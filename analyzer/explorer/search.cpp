#include "analyzer/explorer/search.hpp"

#include <algorithm>
#include <utility>

#include "analyzer/explorer/perform.hpp"
#include "chain/blockchain.hpp"
#include "chain/genesis.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

constexpr std::uint64_t progress_interval = 64, deadline_interval = 8;  // macro steps
constexpr vm::Gas much_gas{700'000};                                    // for one call; it counts as running out of gas

// How code refuses that has no REVERT, or that asserts: all gas is gone, and nothing took long.
bool refuses(vm::Status status) { return status == vm::Status::InvalidInstruction || status == vm::Status::BadJump; }

}  // namespace

Search::Search(Root& root, Hunt& hunt)
    : root_(root),
      world_(root.world),
      state_(root.world.state()),
      hunt_(hunt),
      bounds_(hunt.bounds),
      replies_(root.world, observations_) {}

void Search::make_executions(std::size_t count) {
    while (executions_.size() < count) {
        executions_.emplace_back(state_);
        vm::Machine& machine = executions_.back().machine();
        machine.set_strangers([this](const Address& a) { return a == world_.attacker().address; });
        world_.observe(machine);
    }
}

void Search::begin() {
    world_.place_attacker();
    judge_ = std::make_unique<Judge>(root_, hunt_);
    remarks_ = std::make_unique<Remarks>(world_, judge_->purse());
    state_.keep_history(true);
    state_.keep_fingerprint(true);
    make_executions(root_.prelude.size() + bounds_.transactions);

    judge_->at_start();

    pauses_ = std::make_unique<Pauses>(world_, observations_);
    candidates_ = std::make_unique<Candidates>(world_, observations_, hunt_.hooks.off_limits);
    for (const PlannedTransaction& planned : root_.prelude) {
        plan_.push_back(planned);
        (void)perform(world_, execution(), planned);
    }
    if (!plan_.empty()) (void)examine();

    judge_->find_free_assets(*candidates_);

    // What fails for alice and succeeds for the owner is the owner's to do.
    candidates_->refresh();
    const auto calls = candidates_->calls(Caller::Honest, 1);
    for (const Call& call : *calls) {
        if (privileged_.contains({call.contract, call.function}) || hunt_.hooks.deadline.has_passed()) continue;
        const auto succeeds = [&](std::uint32_t sender) {
            const auto here = state_.checkpoint();
            PlannedTransaction planned;
            planned.sender = sender;
            planned.call = call;
            chain::Execution execution(state_);
            execution.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
            execution.machine().set_tracer(&observations_);
            world_.observe(execution.machine());
            observations_.begin_run();
            observations_.count_branches(false);
            const bool ok = perform(world_, execution, planned);
            observations_.count_branches(true);
            state_.rewind_to(here);
            (void)observations_.learn(call, state_.block().timestamp, state_.block().number, !ok);
            observations_.learn_threshold(call);
            return ok;
        };
        if (!succeeds(0) && succeeds(World::owner_index)) privileged_.insert({call.contract, call.function});
    }
}

void Search::exhaust(std::uint32_t level, std::uint32_t budget) {
    level_ = level;
    is_observing_ = is_guided_ = false;
    most_transactions_ = plan_.size() + bounds_.transactions;
    visited_.clear();
    candidates_->refresh();
    from_quiescence(budget);
}

bool Search::go_on(const Deadline& until) {
    if (until.has_passed() || hunt_.halted()) return false;
    const KeptState* const kept = kept_.next();
    if (!kept) return false;
    const Plan plan = kept->plan;
    const bool is_unserial = kept->promise != Promise::Branch, is_changed = kept->is_changed;
    const std::uint32_t level = kept->level, round = kept->rounds - 1;

    const auto base = state_.checkpoint();
    const vm::BlockContext block = state_.block();
    const std::size_t prelude = plan_.size();
    make_executions(plan.size() + KeptStates::most_rounds + 1);
    bool ok = true;
    for (std::size_t i = prelude; i < plan.size() && ok; ++i) {
        plan_.push_back(plan[i]);
        ok = perform(world_, execution(), plan[i]);
    }
    if (ok && is_changed && round == 0) ok = examine();
    if (ok) {
        // What was gained where it should not be is in the storage: that is a number to ask for.
        level_ = is_unserial ? Candidates::highest_level
                             : std::min<std::uint32_t>(std::max(1u, level) + round / 2, Candidates::highest_level);
        most_transactions_ = plan_.size() + round + 1;
        is_observing_ = is_guided_ = true;
        visited_.clear();
        candidates_->refresh();
        waits_first_ = round % 2 == 1;
        from_quiescence(round + 1);
        waits_first_ = false;
    }
    plan_.resize(prelude);
    state_.rewind_to(base);
    state_.set_block(block);
    return true;
}

// --- between transactions ---

void Search::from_quiescence(std::uint32_t budget) {
    if (!is_new(0, budget) || budget == 0 || plan_.size() >= most_transactions_) return;
    const bool waits_first = std::exchange(waits_first_, false);
    if (!waits_first) wait_and_act({}, budget);
    for (const auto& [wait, cost] : pauses()) {
        if (hunt_.halted()) return;
        if (cost < budget) wait_and_act(wait, budget - cost);
    }
    if (waits_first) wait_and_act({}, budget);
}

std::vector<Pause> Search::pauses() const {
    if (!is_guided_ && plan_.size() > root_.prelude.size() && plan_.back().wait.blocks != 0) return {};  // once is enough
    return pauses_->at(state_.block(), level_ == 0, level_ > 0 || is_guided_);
}

void Search::wait_and_act(const Wait& wait, std::uint32_t budget) {
    const vm::BlockContext block = state_.block();
    world_.pass(wait);
    pending_wait_ = wait;
    attack_transaction(budget);
    if (level_ > 0) single_calls(World::accomplice, Caller::Accomplice, budget);
    if (level_ != 1 || root_.prelude.empty()) single_calls(0, Caller::Honest, budget);
    if (!privileged_.empty() || is_guided_) single_calls(World::owner_index, Caller::Honest, budget);
    if (level_ == Candidates::highest_level) single_calls(1, Caller::Honest, budget);
    pending_wait_ = {};
    state_.set_block(block);
}

void Search::single_calls(std::uint32_t sender, Caller caller, std::uint32_t budget) {
    const auto calls = candidates_->calls(caller, level_);
    const Wait wait = pending_wait_;
    for (const Call& call : *calls) {
        if (hunt_.halted()) return;
        if (sender == World::owner_index && !is_guided_ && !privileged_.contains({call.contract, call.function})) continue;
        if (exhaustions_.are_enough_of(call) || !world_.is_there(world_.contract(call.contract))) continue;
        const auto here = state_.checkpoint();
        PlannedTransaction planned;
        planned.sender = sender;
        planned.call = call;
        planned.wait = wait;
        plan_.push_back(std::move(planned));
        starting_ = &call;
        if (start(world_.transaction(world_.senders()[sender].address, world_.contract(call.contract).address, call.value,
                                     world_.call_data(call))))
            advance(budget - 1);
        plan_.pop_back();
        state_.rewind_to(here);
        pending_wait_ = wait;
    }
}

void Search::attack_transaction(std::uint32_t budget) {
    if (hunt_.halted()) return;
    const Wait wait = pending_wait_;
    const auto here = state_.checkpoint();
    PlannedTransaction planned;
    planned.is_attack = true;
    planned.wait = wait;
    plan_.push_back(std::move(planned));
    if (start(world_.transaction(world_.mallory().address, world_.attacker().address, Word{}, {}))) advance(budget);
    plan_.pop_back();
    state_.rewind_to(here);
    pending_wait_ = wait;
}

bool Search::start(const chain::Transaction& transaction) {
    pending_wait_ = {};
    return execution().begin(transaction) == chain::TransactionRefusal::None;
}

// --- macro steps ---

// Runs to the next choice. A failed call or transaction is not followed: it changed nothing, so a shorter plan has the
// same effect.
void Search::advance(std::uint32_t budget) {
    if (exhausted()) return;
    ++hunt_.stats.macro_steps;
    const bool observes = is_observing_ || is_rare_shape();
    if (observes) {
        observations_.begin_run();
        machine().set_tracer(&observations_);
    }
    const vm::Gas gas_before = machine().open_strangers() == 0 ? vm::Gas{World::call_gas_limit} : machine().stranger_gas();
    const vm::Stop step = machine().run();
    const Call* const call = std::exchange(starting_, nullptr);
    if (observes) {
        machine().set_tracer(nullptr);
        learn(step.kind != vm::Stop::Yield && !step.outcome.ok());
    }
    const vm::Gas gas_after = step.kind == vm::Stop::Done ? step.outcome.gas_left : machine().stranger_gas();
    if (call && step.kind != vm::Stop::Yield &&
        (step.outcome.status == vm::Status::OutOfGas ||
         (gas_before - gas_after > much_gas && !refuses(step.outcome.status))))
        hunt_.stats.dropped_calls += exhaustions_.note(*call);
    switch (step.kind) {
        case vm::Stop::Yield: at_yield(*step.message, budget); return;
        case vm::Stop::Returned:
            if (step.outcome.ok()) at_attacker(budget);
            return;
        case vm::Stop::Done:
            if (step.outcome.ok()) at_end_of_transaction(step.outcome, budget);
            return;
    }
}

void Search::at_yield(const vm::Message& message, std::uint32_t budget) {
    Activation activation;
    activation.selector = selector_of(message.input);
    activation.is_static = message.is_static;
    const bool is_her_own = plan_.back().is_attack && activations().empty();
    if (!is_her_own) activation.turn = count_turn(world_, message, machine().stranger_gas());
    if (message.is_static) activation.turn = current_turn(world_);
    if (!open_.empty())
        activation.during = {open_.back(), static_cast<std::uint32_t>(activations()[open_.back()].calls.size()) - 1};
    const bool is_delegated = message.recipient != world_.attacker().address;
    open_.push_back(static_cast<std::uint32_t>(activations().size()));
    activations().push_back(std::move(activation));
    if (is_delegated) answer({}, budget);  // her code in another's place: no calls of her own
    else at_attacker(budget);
    activations().pop_back();
    open_.pop_back();
}

// Her contract cannot tell two moments of the same turn apart, so it does the same in both.
const Activation* Search::earlier_at_this_turn() const {
    const auto& all = plan_.back().activations;
    const Activation& current = all[open_.back()];
    if (plan_.back().is_attack && open_.back() == 0) return nullptr;
    for (std::size_t i = plan_.back().is_attack ? 1 : 0; i < open_.back(); ++i)
        if (all[i].turn == current.turn && all[i].is_static == current.is_static &&
            (!current.is_static || all[i].selector == current.selector) && (current.turn != 0 || current.is_static))
            return &all[i];
    return nullptr;
}

// Returns whether there were only few runs after this sequence of functions. Those are observed.
bool Search::is_rare_shape() {
    constexpr std::uint32_t few = 12;
    std::uint64_t hash = 0;
    const auto add = [&](const Call& call) {
        hash = (hash ^ (static_cast<std::uint64_t>(call.contract) << 32u | call.function)) * 0x9e3779b97f4a7c15ULL;
        hash ^= hash >> 31u;
    };
    for (const PlannedTransaction& planned : plan_) {
        if (!planned.is_attack) add(planned.call);
        for (const Activation& activation : planned.activations)
            for (const Call& call : activation.calls) add(call);
        hash += activations().size() + 1;
    }
    if (std::exchange(lessons_seen_, observations_.version()) != observations_.version()) shapes_.clear();
    return shapes_[hash]++ < few;
}

// Control is with the attacker: she answers, or calls (back) first. Leaves the machine and the state unchanged.
void Search::at_attacker(std::uint32_t budget) {
    if (!is_new(fingerprint_inside(), budget)) return;
    const std::uint32_t current = open_.back();
    const bool is_her_transaction = plan_.back().is_attack && current == 0;
    const std::size_t calls_made = activations()[current].calls.size();

    const auto suspended = machine().snapshot();
    const auto here = state_.checkpoint();
    const auto go_back = [&] {
        state_.rewind_to(here);
        machine().restore(*suspended);
    };
    const auto reply = [&](bool reverts, vm::Bytes data) {
        activations()[current].reverts = reverts;
        activations()[current].answer = data;
        answer({reverts, std::move(data), {}}, budget);
        activations()[current].reverts = false;
        activations()[current].answer.clear();
        go_back();
    };
    const auto try_call = [&](const Call& call) {
        activations()[current].calls.push_back(call);
        call_back(call, budget - 1);
        activations()[current].calls.pop_back();
        go_back();
    };

    if (const Activation* const earlier = earlier_at_this_turn()) {
        if (calls_made < earlier->calls.size()) {
            if (budget > 0) try_call(Call(earlier->calls[calls_made]));
        } else {
            reply(earlier->reverts, earlier->answer);
        }
        return;
    }
    const bool can_act = is_her_transaction || (activations()[current].turn != 0 && !activations()[current].is_static);
    const std::uint32_t most_calls = is_her_transaction ? bounds_.calls : bounds_.calls_per_callback;
    const auto call_on = [&] {
        if (!can_act || budget == 0 || calls_made >= most_calls || open_.size() > bounds_.depth) return;
        const auto calls = candidates_->calls(Caller::Attacker, level_);
        for (const Call& call : *calls) {
            if (hunt_.halted()) return;
            if (call.value > state_.balance(world_.attacker().address) || exhaustions_.are_enough_of(call)) continue;
            if (!world_.is_there(world_.contract(call.contract))) continue;
            try_call(call);
        }
    };
    if (is_her_transaction) call_on();  // before the transaction ends: what takes one transaction is found in one
    if (!is_her_transaction || calls_made > 0) {
        for (vm::Bytes& data : replies_.to(activations()[current], level_)) {
            if (hunt_.halted()) return;
            reply(false, std::move(data));
        }
        if (!is_her_transaction && level_ > 0 && can_act) reply(true, {});
    }
    if (!is_her_transaction) call_on();
}

void Search::answer(const vm::Reply& answer, std::uint32_t budget) {
    const std::uint32_t current = open_.back();
    open_.pop_back();
    machine().resume(answer);
    advance(budget);
    open_.push_back(current);
}

void Search::call_back(const Call& call, std::uint32_t budget) {
    machine().enter(message_of(world_, call));
    starting_ = &call;
    advance(budget);
}

// --- the end of a transaction ---

void Search::at_end_of_transaction(const vm::Outcome& outcome, std::uint32_t budget) {
    (void)execution().finish(outcome);
    if (examine()) from_quiescence(budget);
}

// Looks for damage in the current state. Returns false if an invariant is broken, so that later states are of no interest.
bool Search::examine() {
    const chain::Fingerprint here = state_.fingerprint();
    const Judge::Opinion opinion = judge_->examine(plan_, kept_.contains(here));
    remarks_->note(plan_, root_.prelude.size(), opinion.is_reentrant, opinion.promise.has_value());
    std::optional<Promise> promise = opinion.promise;
    if (!opinion.is_reentrant && observations_.branches() > branches_seen_) promise = Promise::Branch;
    if (promise) {
        branches_seen_ = observations_.branches();
        kept_.keep(world_, plan_, root_.prelude.size(), here, *promise, level_);
    }
    return opinion.is_sound;
}

// Draws lessons for every call of the transaction under way: a comparison after a callback may be about its numbers.
void Search::learn(bool failed) {
    const std::uint64_t time = state_.block().timestamp, number = state_.block().number;
    if (!plan_.back().is_attack) (void)observations_.learn(plan_.back().call, time, number, failed);
    for (const Activation& activation : activations())
        for (const Call& call : activation.calls) (void)observations_.learn(call, time, number, failed);
    for (const Activation& activation : activations())
        if (activation.selector) observations_.learn_answer(*activation.selector, activation.answer);
}

// --- bounds ---

// Hashes the part of a state that the world does not hold: the suspended frames, and how many calls she has made in
// each of hers.
std::uint64_t Search::fingerprint_inside() {
    std::uint64_t hash = machine().fingerprint();
    for (const std::uint32_t activation : open_)
        hash = (hash ^ (activations()[activation].calls.size() + 1)) * 0x9e3779b97f4a7c15ULL;
    return hash | 1;
}

// `inside` is zero between transactions.
bool Search::is_new(std::uint64_t inside, std::uint32_t budget) {
    chain::Fingerprint key = state_.fingerprint();
    key.high ^= inside;
    states_.insert(key);
    // Damage depends on how a state was reached: how many transactions are left, and whether any contract was re-entered.
    key.low ^= (plan_.size() * 2 + (reentries(plan_) != 0)) * 0xd6e8feb86659fd93ULL;
    if (observations_.reads_time()) key.high ^= state_.block().timestamp * 0x9e3779b97f4a7c15ULL;
    const auto [place, inserted] = visited_.try_emplace(key, budget);
    if (!inserted && place->second >= budget) return false;
    place->second = budget;
    return true;
}

bool Search::exhausted() {
    if (hunt_.halted()) return true;
    SearchStats& stats = hunt_.stats;
    if (hunt_.hooks.progress && stats.macro_steps % progress_interval == progress_interval - 1) hunt_.hooks.progress(stats);
    if (states_.size() >= bounds_.states) stats.end = SearchEnd::States;
    else if (stats.macro_steps >= bounds_.macro_steps) stats.end = SearchEnd::MacroSteps;
    else if (stats.macro_steps % deadline_interval == 0 && hunt_.hooks.deadline.has_passed())
        stats.end = hunt_.hooks.deadline.is_interrupted() ? SearchEnd::Interruption : SearchEnd::Time;
    hunt_.stop = !stats.exhausted();
    if (stats.macro_steps % deadline_interval == 0) hunt_.phase_over = hunt_.seconds() > hunt_.phase_end;
    return hunt_.halted();
}

}  // namespace interlock::analyzer
