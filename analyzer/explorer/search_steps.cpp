#include "analyzer/explorer/search.hpp"

#include <algorithm>
#include <utility>

#include "analyzer/explorer/perform.hpp"

// From one choice to the next: what a search does while a transaction is under way.
namespace interlock::analyzer {

namespace {

constexpr vm::Gas much_gas{700'000};  // for one call; it counts as running out of gas

// How code refuses that has no REVERT, or that asserts: all gas is gone, and nothing took long.
bool refuses(vm::Status status) { return status == vm::Status::InvalidInstruction || status == vm::Status::BadJump; }

// Hashes which functions were called, behind those of earlier transactions.
std::uint64_t with_functions_of(std::uint64_t shape, const PlannedTransaction& planned) {
    const auto add = [&](const Call& call) {
        shape = (shape ^ (static_cast<std::uint64_t>(call.contract) << 32u | call.function)) * 0x9e3779b97f4a7c15ULL;
        shape ^= shape >> 31u;
    };
    if (!planned.is_attack) add(planned.call);
    for (const Activation& activation : planned.activations)
        for (const Call& call : activation.calls) add(call);
    return shape + planned.activations.size() + 1;
}

}  // namespace

void Search::add_to_plan(PlannedTransaction planned) {
    Before before;
    if (!plan_.empty()) before = {with_functions_of(before_[plan_.size()].shape, plan_.back()), has_reentered()};
    plan_.push_back(std::move(planned));
    before_.resize(std::max(before_.size(), plan_.size() + 1));
    before_[plan_.size()] = before;
}

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
    const vm::Gas gas_before = machine().open_strangers() == 0
                                   ? vm::Gas{static_cast<std::int64_t>(world_.recipe().gas_limit)}
                                   : machine().stranger_gas();
    const vm::Stop step = machine().run();
    const auto [call, failure, runs_out_of_gas] = std::exchange(starting_, {});
    const bool failed = step.kind != vm::Stop::Yield && !step.outcome.ok();
    if (observes) {
        machine().set_tracer(nullptr);
        learn(failed);
        if (failed && call && !script_) *failure = failure_of(*call);
    }
    const vm::Gas gas_after = step.kind == vm::Stop::Done ? step.outcome.gas_left : machine().stranger_gas();
    if (call && step.kind != vm::Stop::Yield &&
        (step.outcome.status == vm::Status::OutOfGas ||
         (gas_before - gas_after > much_gas && !refuses(step.outcome.status))))
        hunt_.stats.dropped_calls += exhaustions_.note(*call);
    if (runs_out_of_gas) *runs_out_of_gas = step.kind == vm::Stop::Done && step.outcome.status == vm::Status::OutOfGas;
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

Failure Search::failure_of(const Call& call) {
    Failure failure = observations_.failure_of(call);
    have_signed(call, observations_, failure);
    return failure;
}

void Search::have_signed(const Call& call, const Observations& observations, Failure& failure) {
    const auto& asked = observations.asked_signature();
    if (!asked) return;
    std::vector<Call> mended;
    for (SignedCall& each : signed_instead(world_, call, *asked, observations.compared_words())) {
        if (each.is_by_others) signed_by_others_.insert(each.r);
        mended.push_back(std::move(each.call));
    }
    failure.signatures = mended.size();
    std::ranges::move(naming_signers(world_, call, observations.compared_words()), std::back_inserter(mended));
    failure.mended.insert(failure.mended.begin(), mended.begin(), mended.end());
}

// The plan ends with the call that failed. If it compared a word that an earlier call was given, that call may be given the
// other word instead: what is revealed is committed to, what is claimed stands under the root.
void Search::correct_earlier_calls(const Failure& failure) {
    constexpr std::uint32_t most_of_one_function = 6;
    if (failure.mismatches.empty() || script_) return;
    for (std::size_t i = root_.prelude.size(); i < plan_.size(); ++i) {
        const bool is_last = i + 1 == plan_.size();
        const std::size_t calls = !plan_[i].is_attack ? 1 : plan_[i].activations.front().calls.size();
        for (std::size_t c = 0; c + is_last < calls; ++c) {
            const auto call_in = [&](auto& plan) -> auto& {
                return plan[i].is_attack ? plan[i].activations.front().calls[c] : plan[i].call;
            };
            const Call& call = call_in(plan_);
            for (std::size_t a = 0; a < call.arguments.size(); ++a)
                for (const auto& [found, wanted] : failure.mismatches) {
                    if (found.is_zero() || call.arguments[a] != lang::abi::Data{found}) continue;
                    if (++corrected_[{call.contract, call.function}] > most_of_one_function) return;
                    Plan corrected = plan_;
                    call_in(corrected).arguments[a] = lang::abi::Data{wanted};
                    kept_.keep_corrected(std::move(corrected), level_);
                }
        }
    }
}

void Search::at_yield(const vm::Message& message, std::uint32_t budget) {
    constexpr std::size_t most_yields = 300;  // in a transaction: a loop may call strangers until its gas is used up
    if (activations().size() >= most_yields) {
        if (!std::exchange(has_endless_runs_, true)) ++hunt_.stats.dropped_calls;
        return;
    }
    Activation activation;
    activation.selector = selector_of(message.input);
    activation.is_static = message.is_static;
    const bool is_her_own = plan_.back().is_attack && activations().empty();
    if (!is_her_own) activation.turn = count_turn(world_, message, machine().stranger_gas());
    if (message.is_static) activation.turn = current_turn(world_);
    if (!open_.empty())
        activation.during = {open_.back().index,
                             static_cast<std::uint32_t>(activations()[open_.back().index].calls.size()) - 1};
    const bool is_delegated = message.recipient != world_.attacker().address;
    std::shared_ptr<const vm::Machine::Snapshot> suspended;
    open_.push_back({static_cast<std::uint32_t>(activations().size()), &suspended});
    activations().push_back(std::move(activation));
    if (is_delegated) answer({}, budget);  // her code in another's place: no calls of her own
    else at_attacker(budget);
    activations().pop_back();
    open_.pop_back();
}

// Her contract cannot tell two moments of the same turn apart, so it does the same in both.
const Activation* Search::earlier_at_this_turn() const {
    const auto& all = plan_.back().activations;
    const Activation& current = all[open_.back().index];
    if (plan_.back().is_attack && open_.back().index == 0) return nullptr;
    for (std::size_t i = plan_.back().is_attack ? 1 : 0; i < open_.back().index; ++i)
        if (all[i].turn == current.turn && all[i].is_static == current.is_static &&
            (!current.is_static || all[i].selector == current.selector) && (current.turn != 0 || current.is_static))
            return &all[i];
    return nullptr;
}

// Returns whether there were only few runs after this sequence of functions. Those are observed; fewer of them where many
// in a row taught nothing.
bool Search::is_rare_shape() {
    constexpr std::uint32_t few = 12, fewer = 2, many_quiet_runs = 500;
    const std::uint64_t shape = with_functions_of(before_[plan_.size()].shape, plan_.back());
    if (std::exchange(lessons_seen_, observations_.version()) != observations_.version()) {
        shapes_.clear();
        quiet_runs_ = 0;
    }
    const std::uint32_t ran = shapes_.try_emplace({shape, shape}, 0).value++;
    const bool is_rare = ran < (quiet_runs_ < many_quiet_runs ? few : fewer);
    quiet_runs_ += is_rare;
    return is_rare;
}

// Control is with the attacker: she answers, or calls (back) first. Leaves the machine and the state unchanged.
void Search::at_attacker(std::uint32_t budget) {
    if (!is_new(fingerprint_inside(), budget)) return;
    const std::uint32_t current = open_.back().index;
    const bool is_her_transaction = plan_.back().is_attack && current == 0;
    const std::size_t calls_made = activations()[current].calls.size();

    // Her calls leave the frames that wait for her as they are; what happens behind her answer does not.
    const auto mark = machine().mark();
    const auto here = state_.checkpoint();
    const auto go_back = [&] {
        state_.rewind_to(here);
        machine().go_back(mark);
    };
    const auto reply = [&](bool reverts, vm::Bytes data) {
        auto& suspended = *open_.back().suspended;
        if (!suspended) suspended = machine().snapshot();
        activations()[current].reverts = reverts;
        activations()[current].answer = data;
        answer({reverts, std::move(data), {}}, budget);
        activations()[current].reverts = false;
        activations()[current].answer.clear();
        machine().restore(*suspended);
        go_back();
    };
    const auto try_call = [&](const Call& call, const vm::Message& message,
                              std::uint32_t budget_after) -> std::optional<Failure> {
        if (!world_.is_there(world_.contract(call.contract))) return Failure{};
        activations()[current].calls.push_back(call);
        auto failure = call_back(call, message, budget_after);
        if (failure && is_her_transaction) correct_earlier_calls(*failure);
        activations()[current].calls.pop_back();
        go_back();
        return failure;
    };

    if (const Activation* const earlier = earlier_at_this_turn()) {
        if (calls_made < earlier->calls.size()) {
            if (const Call call = earlier->calls[calls_made]; budget > 0)
                (void)try_call(call, message_of(world_, call), budget - 1);
        } else {
            reply(earlier->reverts, earlier->answer);
        }
        return;
    }
    if (script_ && is_her_transaction) {
        const auto& own = script_->steps[plan_.size() - 1 - script_start_].hers;
        if (calls_made < own.size()) (void)try_call(own[calls_made], message_of(world_, own[calls_made]), budget);
        else reply(false, {});
        return;
    }
    if (varied_) {
        const auto& all = (*varied_)[plan_.size() - 1].activations;
        const Activation* const mine = current < all.size() ? &all[current] : nullptr;
        if (mine && calls_made < mine->calls.size()) {
            make_variants(mine->calls[calls_made], [&](const Call& call) -> std::optional<Failure> {
                if (budget == 0 || call.value > state_.balance(world_.attacker().address)) return std::nullopt;
                return try_call(call, message_of(world_, call), budget - 1);
            });
        } else {
            reply(mine && mine->reverts, mine ? mine->answer : vm::Bytes{});
        }
        return;
    }
    was_reached_ = true;
    const bool can_act = is_her_transaction || (activations()[current].turn != 0 && !activations()[current].is_static);
    const std::uint32_t most_calls = is_her_transaction ? bounds_.calls : bounds_.calls_per_callback;
    const auto call_on = [&] {
        if (!can_act || budget == 0 || calls_made >= most_calls || open_.size() > bounds_.depth) return;
        const auto calls = script_ ? script_->vocabulary : candidates_->calls(Caller::Attacker, level_);
        const auto messages = ready_.of(calls);
        for (std::size_t i = 0; i < calls->size(); ++i) {
            const Call& call = (*calls)[i];
            if (hunt_.halted()) return;
            if (call.value > state_.balance(world_.attacker().address) || exhaustions_.are_enough_of(call)) continue;
            if (!world_.is_there(world_.contract(call.contract))) continue;
            const auto make = [&](const Call& each) -> std::optional<Failure> {
                if (each.value > state_.balance(world_.attacker().address)) return Failure{};
                if (&each != &call) return try_call(each, message_of(world_, each), budget - 1);
                return try_call(call, (*messages)[i], budget - 1);
            };
            auto failure = make(call);
            if (!is_her_transaction) continue;
            if (const auto mended = mend(std::move(failure), mends_, make))
                candidates_->add_mended(Caller::Attacker, *mended, call);
        }
    };
    if (is_her_transaction) call_on();  // before the transaction ends: what takes one transaction is found in one
    if (!is_her_transaction || calls_made > 0) {
        for (vm::Bytes& data : std::vector(replies_.to(activations()[current], level_))) {
            if (hunt_.halted()) return;
            reply(false, std::move(data));
        }
        if (!is_her_transaction && level_ > 0 && can_act) reply(true, {});
    }
    if (!is_her_transaction) call_on();
}

void Search::answer(const vm::Reply& answer, std::uint32_t budget) {
    const OpenActivation current = open_.back();
    open_.pop_back();
    machine().resume(answer);
    advance(budget);
    open_.push_back(current);
}

std::optional<Failure> Search::call_back(const Call& call, const vm::Message& message, std::uint32_t budget) {
    std::optional<Failure> failure;
    machine().enter(message);
    starting_ = {&call, &failure};
    advance(budget);
    return failure;
}

}  // namespace interlock::analyzer
