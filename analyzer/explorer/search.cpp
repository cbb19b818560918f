#include "analyzer/explorer/search.hpp"

#include <algorithm>
#include <utility>

#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/traits.hpp"
#include "chain/blockchain.hpp"
#include "chain/genesis.hpp"
#include "vm/code.hpp"

namespace interlock::analyzer {

namespace ir = lang::ir;

namespace {

constexpr std::uint64_t progress_interval = 64, deadline_interval = 8;  // macro steps

}  // namespace

Search::Search(Root& root, Hunt& hunt, std::shared_ptr<Newborns> newborns)
    : root_(root),
      world_(root.world),
      state_(root.world.state()),
      hunt_(hunt),
      bounds_(hunt.bounds),
      replies_(root.world, observations_),
      newborns_(std::move(newborns)) {}

void Search::make_executions(std::size_t count) {
    while (executions_.size() < count) {
        executions_.push_back(std::make_unique<chain::Execution>(state_));
        vm::Machine& machine = executions_.back()->machine();
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

    for (const DeployedContract& contract : world_.contracts())
        tells_transactions_apart_ |= has_opcode(state_.code(contract.address)->bytes(), vm::Opcode::TSTORE);
    for (const DeployedContract& contract : world_.contracts()) {
        constexpr std::uint64_t foreseen = 3;
        const vm::ByteView code = state_.code(contract.address)->bytes();
        const std::uint64_t now = state_.nonce(contract.address);
        if (has_opcode(code, vm::Opcode::CREATE2)) creators_.emplace_back(contract.address, now + 1);
        else if (has_opcode(code, vm::Opcode::CREATE)) creators_.emplace_back(contract.address, now + foreseen + 1);
    }
    pauses_ = std::make_unique<Pauses>(world_, observations_);
    candidates_ = std::make_unique<Candidates>(world_, observations_, hunt_.hooks.off_limits);
    for (const PlannedTransaction& planned : root_.prelude) {
        add_to_plan(planned);
        (void)perform(world_, execution(), planned);
    }
    judge_->after_prelude();
    if (!plan_.empty()) (void)examine();

    judge_->find_free_assets(*candidates_);

    find_what_is_the_owners();
}

void Search::exhaust(std::uint32_t level, std::uint32_t budget) {
    expect_newborns();
    level_ = level;
    is_observing_ = is_guided_ = false;
    most_transactions_ = plan_.size() + bounds_.transactions;
    transactions_before_ = plan_.size();
    visited_.clear();
    candidates_->refresh();
    from_quiescence(budget);
}

bool Search::go_on(const Deadline& until) {
    if (until.has_passed() || hunt_.halted()) return false;
    expect_newborns();
    const KeptState* const kept = kept_.next();
    if (!kept) return false;
    const Plan plan = kept->plan;
    mends_.allow_more();
    if (kept->is_varied) {
        vary(plan);
        return true;
    }
    const bool is_unserial = kept->promise >= Promise::Unserial, is_changed = kept->is_changed,
               is_deepened = kept->is_deepened;
    const std::uint32_t level = kept->level, round = kept->rounds - 1;
    const std::optional<PlannedTransaction> next = kept->next;

    const auto base = state_.checkpoint();
    const vm::BlockContext block = state_.block();
    const std::size_t prelude = plan_.size();
    make_executions(plan.size() + KeptStates::most_rounds + 2);
    bool ok = reach(plan);
    if (ok && is_changed && round == 0) ok = examine();
    if (ok && !is_deepened) {
        // What was gained where it should not be is in the storage: that is a number to ask for.
        level_ = is_unserial ? Candidates::highest_level
                             : std::min<std::uint32_t>(std::max(1u, level) + round / 2, Candidates::highest_level);
        most_transactions_ = plan_.size() + round + 1 + next.has_value();
        transactions_before_ = plan_.size();
        is_observing_ = is_guided_ = true;
        visited_.clear();
        candidates_->refresh();
        waits_first_ = round % 2 == 1;
        if (is_unserial && round == 0) repeat_calls_of(plan);
        if (is_unserial) harvest_ = {judge_->purse().of_attacker(world_), {}, {}};
        if (next) begin_with(*next, round + 1);
        else from_quiescence(round + 1);
        if (const auto best = std::exchange(harvest_, std::nullopt); best && !best->plan.empty())
            kept_.keep(world_, best->plan, prelude, best->state, Promise::Harvest, level_);
        waits_first_ = false;
    }
    plan_.resize(prelude);
    state_.rewind_to(base);
    state_.set_block(block);
    return true;
}

// Performs what is missing of the plan, and notes where control reached her beside. Returns whether all of it worked.
bool Search::reach(const Plan& plan) {
    make_executions(plan.size());
    bool ok = true;
    for (std::size_t i = plan_.size(); i < plan.size() && ok; ++i) {
        add_to_plan(plan[i]);
        ok = perform_and_complete(world_, execution(), plan_.back());
    }
    return ok;
}

// --- between transactions ---

void Search::from_quiescence(std::uint32_t budget) {
    if (script_) return follow_script(budget);
    if (varied_) return follow_varied(budget);
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
    if (is_worth_a_transaction()) attack_transaction(budget);
    if (level_ > 0) single_calls(World::accomplice, Caller::Accomplice, budget);
    if (level_ != 1 || root_.prelude.empty()) single_calls(0, Caller::Honest, budget);
    if (!privileged_.empty() || is_guided_) single_calls(World::owner_index, Caller::Honest, budget);
    if (level_ == Candidates::highest_level) single_calls(1, Caller::Honest, budget);
    pending_wait_ = {};
    state_.set_block(block);
}

void Search::single_calls(std::uint32_t sender, Caller caller, std::uint32_t budget) {
    const auto calls = candidates_->calls(caller, level_);
    const auto messages = ready_.of(calls);
    const Wait wait = pending_wait_;
    for (std::size_t i = 0; i < calls->size(); ++i) {
        const Call& call = (*calls)[i];
        if (hunt_.halted()) return;
        if (sender == World::owner_index && !is_guided_ && !privileged_.contains({call.contract, call.function})) continue;
        if (exhaustions_.are_enough_of(call) || !world_.is_there(world_.contract(call.contract))) continue;
        const auto make = [&](const Call& each) -> std::optional<Failure> {
            if (caller == Caller::Honest && names_her(each) && !names_her(call)) return Failure{};  // that would be a gift
            pending_wait_ = wait;
            if (&each != &call) return single_call(sender, each, message_of(world_, each), budget - 1);
            return single_call(sender, call, (*messages)[i], budget - 1);
        };
        if (const auto mended = mend(make(call), mends_, make)) candidates_->add_mended(caller, *mended, call);
    }
    pending_wait_ = wait;
}

std::optional<Failure> Search::single_call(std::uint32_t sender, const Call& call, const vm::Message& message,
                                           std::uint32_t budget) {
    std::optional<Failure> failure;
    bool runs_out_of_gas = false;
    if (sender != World::accomplice && favours_her(call)) return failure;
    const auto here = state_.checkpoint();
    PlannedTransaction planned;
    planned.sender = sender;
    planned.call = call;
    planned.wait = pending_wait_;
    add_to_plan(std::move(planned));
    if (start(world_.transaction(world_.senders()[sender].address, message.recipient, call.value, message.input))) {
        starting_ = {&call, &failure, &runs_out_of_gas};
        advance(budget);
        if (failure) correct_earlier_calls(*failure);
    }
    const PlannedTransaction ended = std::exchange(plan_.back(), {});
    plan_.pop_back();
    state_.rewind_to(here);
    if (!runs_out_of_gas || !works_with_more_gas(ended)) return failure;
    pending_wait_ = ended.wait;
    return single_call(sender, call, message, budget);
}

// Each function gets one chance: a loop may just be long. If it is, everything may take longer from now on.
bool Search::works_with_more_gas(const PlannedTransaction& planned) {
    constexpr std::uint64_t limits[] = {8'000'000, World::block_gas_limit};
    if (!had_more_gas_.insert({planned.call.contract, planned.call.function}).second) return false;
    const std::uint64_t before = world_.recipe().gas_limit;
    for (const std::uint64_t limit : limits) {
        if (limit <= before) continue;
        const auto here = state_.checkpoint();
        world_.set_gas_limit(limit);
        add_to_plan(planned);
        const bool works = perform(world_, execution(), planned);
        plan_.pop_back();
        state_.rewind_to(here);
        if (works) return true;
    }
    world_.set_gas_limit(before);
    return false;
}

// What she does at once after a transaction of hers she could have done in it.
bool Search::is_worth_a_transaction() const {
    return tells_transactions_apart_ || plan_.size() == transactions_before_ || !plan_.back().is_attack ||
           pending_wait_ != Wait{} || plan_.back().activations.front().calls.size() >= bounds_.calls;
}

void Search::attack_transaction(std::uint32_t budget) {
    if (hunt_.halted()) return;
    const Wait wait = pending_wait_;
    const auto here = state_.checkpoint();
    PlannedTransaction planned;
    planned.is_attack = true;
    planned.wait = wait;
    add_to_plan(std::move(planned));
    if (start(world_.transaction(world_.mallory().address, world_.attacker().address, Word{}, {}))) advance(budget);
    plan_.pop_back();
    state_.rewind_to(here);
    pending_wait_ = wait;
}

bool Search::start(const chain::Transaction& transaction) {
    pending_wait_ = {};
    return execution().begin(transaction) == chain::TransactionRefusal::None;
}

// --- the end of a transaction ---

void Search::at_end_of_transaction(const vm::Outcome& outcome, std::uint32_t budget) {
    execution().close(outcome);
    if (examine()) from_quiescence(budget);
}

// Looks for damage in the current state. Returns false if an invariant is broken, so that later states are of no interest.
bool Search::examine() {
    const chain::Fingerprint here = state_.fingerprint();
    const Judge::Opinion opinion = judge_->examine(plan_, varied_ || kept_.contains(here));
    if (!carries_one_of(plan_, signed_by_others_))  // what honest accounts sign for her is theirs to give
        remarks_->note(plan_, root_.prelude.size(), opinion.is_reentrant, opinion.promise.has_value());
    std::optional<Promise> promise = opinion.promise;
    meet_newborns(opinion.is_reentrant && promise >= Promise::Unserial);
    if (harvest_) note_harvest(here);
    if (!opinion.is_reentrant)
        if (const bool is_first = has_worked_first(); is_first || observations_.branches() > branches_seen_)
            promise = Promise::Branch;
    if (promise) {
        branches_seen_ = observations_.branches();
        kept_.keep(world_, plan_, root_.prelude.size(), here, *promise, level_, opinion.is_paid_excess);
    }
    return opinion.is_sound;
}

void Search::meet_newborns(bool is_unserial) {
    if (!newborns_->has_room(is_unserial)) return;
    const auto has_created = [&](const auto& creator) { return state_.nonce(creator.first) >= creator.second; };
    if (std::ranges::none_of(creators_, has_created)) return;
    for (const SetupStep& step : world_.unforeseen()) newborns_->tell(step, is_unserial);
}

// Call it while nothing is under way.
void Search::expect_newborns() {
    for (const SetupStep& step : newborns_->behind(expected_newborns_)) {
        ++expected_newborns_;
        if (!world_.perform(step).empty()) continue;
        const DeployedIndex newborn{static_cast<std::uint32_t>(world_.contracts().size() - 1)};
        judge_->expect(step);
        remarks_->expect(step);
        candidates_->expect(newborn);
        if (ascent_) ascent_->expect(newborn);
    }
}

namespace {

// Which of the arguments are the same: to move from one place to another is more than to move on the spot.
std::uint32_t equal_arguments(const Call& call) {
    constexpr std::size_t most_arguments = 5;
    std::uint32_t pairs = 0, bit = 1;
    for (std::size_t i = 0; i < std::min(call.arguments.size(), most_arguments); ++i)
        for (std::size_t k = 0; k < i; ++k, bit <<= 1u)
            if (call.arguments[i] == call.arguments[k]) pairs |= bit;
    return pairs;
}

}  // namespace

// Returns whether a function of a contract worked for the first time.
bool Search::has_worked_first() {
    if (plan_.empty()) return false;
    const PlannedTransaction& last = plan_.back();
    bool is_first = false;
    const auto note = [&](const Call& call) {
        is_first |= worked_.insert({call.contract, call.function, equal_arguments(call)}).second;
    };
    if (!last.is_attack) note(last.call);
    else
        for (const Call& call : last.activations.front().calls) note(call);
    return is_first;
}

void Search::note_harvest(const chain::Fingerprint& here) {
    Wealth wealth = judge_->purse().of_attacker(world_);
    if (wealth != harvest_->wealth && is_nowhere_below(wealth, harvest_->wealth))
        harvest_ = {std::move(wealth), plan_, here};
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
    for (const OpenActivation& open : open_)
        hash = (hash ^ (activations()[open.index].calls.size() + 1)) * 0x9e3779b97f4a7c15ULL;
    return hash | 1;
}

// `inside` is zero between transactions.
bool Search::is_new(std::uint64_t inside, std::uint32_t budget) {
    chain::Fingerprint key = state_.fingerprint();
    key.high ^= inside;
    states_ += seen_.insert(key.low ^ key.high * 0x9e3779b97f4a7c15ULL);
    // Damage depends on how a state was reached: how many transactions are left, and whether any contract was re-entered.
    key.low ^= (plan_.size() * 2 + has_reentered()) * 0xd6e8feb86659fd93ULL;
    if (observations_.reads_time()) key.high ^= state_.block().timestamp * 0x9e3779b97f4a7c15ULL;
    const auto [budget_then, is_first] = visited_.try_emplace(key, budget);
    if (!is_first && budget_then >= budget) return false;
    budget_then = budget;
    return true;
}

bool Search::exhausted() {
    if (hunt_.halted()) return true;
    SearchStats& stats = hunt_.stats;
    if (hunt_.tells_progress && hunt_.hooks.progress && stats.macro_steps % progress_interval == progress_interval - 1)
        hunt_.hooks.progress(stats);
    const bool is_time_to_look = stats.macro_steps % deadline_interval == 0;
    const std::uint64_t steps_of_all = is_time_to_look ? hunt_.tell_steps() : 0;
    if (states_ >= bounds_.states) stats.end = SearchEnd::States;
    else if (std::max(stats.macro_steps, steps_of_all) >= bounds_.macro_steps) stats.end = SearchEnd::MacroSteps;
    else if (is_time_to_look && hunt_.hooks.deadline.has_passed())
        stats.end = hunt_.hooks.deadline.is_interrupted() ? SearchEnd::Interruption : SearchEnd::Time;
    if (!stats.exhausted()) hunt_.quarry.stop = true;
    if (is_time_to_look) hunt_.phase_over = hunt_.seconds() > hunt_.phase_end;
    return hunt_.halted();
}

}  // namespace interlock::analyzer
