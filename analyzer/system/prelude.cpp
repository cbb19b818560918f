#include "analyzer/system/prelude.hpp"

#include <algorithm>

namespace interlock::analyzer {

namespace abi = lang::abi;

namespace {

constexpr std::size_t most_preparations = 60;  // that are tried, of each who acts
constexpr std::size_t most_variants = 3;       // of a call of the owner's

bool says_who(const World& world, const Usage::Function& function) {
    Call call;
    call.contract = function.first;
    call.function = function.second;
    return std::ranges::any_of(world.function_of(call).parameters, [](const lang::ir::NamedType& each) {
        return each.type.kind == lang::ir::TypeKind::Address;
    });
}

// Whether somebody gave one asset for another one: that opens nothing, and a price that it moves is no usual one.
bool is_trade(const Wealth& before, const Wealth& after) {
    return !is_nowhere_below(after, before) && !is_nowhere_below(before, after);
}

}  // namespace

Prelude::Prelude(const Draft& draft)
    : deadline_(draft.deadline),
      is_sparing_(draft.choice.is_sparing),
      world_(draft.world),
      there_before_(world_.unforeseen()),
      purse_(placed(world_)),
      execution_(world_.state()),
      candidates_(world_, observations_),
      usage_(world_, execution_, candidates_, deadline_) {
    execution_.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
    world_.observe(execution_.machine());
    world_.state().keep_history(true);
    world_.state().keep_fingerprint(true);
}

Plan Prelude::run(bool enrols, const std::vector<Call>& approvals) {
    buys_ = enrols;
    trust(approvals);
    if (enrols) {
        enrol();
        pay_for_several();
        pay_everywhere();
        open();
    }
    pay_everywhere();
    fill_by_transfer();
    // What takes nothing yet may have to be opened first, by somebody or by the owner.
    for (const std::uint32_t sender : {0u, World::owner_index}) {
        std::size_t tried = 0;
        std::map<Function, std::size_t> variants;
        const auto calls = candidates_.calls(Caller::Honest, 1);
        for (const Call& call : *calls) {
            if (is_over() || unpaid_.empty() || tried == most_preparations) break;
            if (!call.value.is_zero() || !world_.artifact_of(call.contract)) continue;
            if (sender == World::owner_index && ++variants[{call.contract, call.function}] > most_variants) continue;
            ++tried;
            const auto here = world_.state().checkpoint();
            const chain::Fingerprint before = world_.state().fingerprint();
            const std::size_t length = plan_.size();
            PlannedTransaction planned;
            planned.sender = sender;
            planned.call = call;
            const std::vector<Address> account{world_.senders()[sender].address};
            const Wealth held = purse_.of(world_, account);
            if (!perform_mended(planned) || world_.state().fingerprint() == before ||
                is_trade(held, purse_.of(world_, account))) {
                world_.state().rewind_to(here);
                continue;
            }
            plan_.push_back(std::move(planned));
            pay_everywhere();
            if (plan_.size() > length + 1) continue;
            plan_.resize(length);
            world_.state().rewind_to(here);
        }
    }
    fund();
    endow();
    endow_with_shares();
    return std::move(plan_);
}

std::vector<SetupStep> Prelude::newborns() {
    std::vector<SetupStep> steps = world_.unforeseen();
    std::erase_if(steps, [&](const SetupStep& step) { return std::ranges::count(there_before_, step) != 0; });
    return steps;
}

bool Prelude::has_rights() {
    std::set<Function> hers = usage_.of_attacker();
    for (const Function& function : usage_.of(0)) hers.erase(function);
    return !hers.empty();
}

bool Prelude::rules_behind(const Plan& plan) {
    for (const PlannedTransaction& planned : plan) (void)perform_observed(planned);
    candidates_.refresh();
    std::set<Function> hers = usage_.of_attacker();
    for (const Function& function : usage_.of(0)) hers.erase(function);
    const auto here = world_.state().checkpoint();
    const Wealth held = purse_.of(world_, contracts_of(world_));
    bool takes_all = false;
    const auto make = [&](const Call& call) -> std::optional<Failure> {
        PlannedTransaction planned;
        planned.is_attack = true;
        planned.activations.push_back({std::nullopt, {call}});
        const bool ok = perform_observed(planned, call);
        const Wealth left = purse_.of(world_, contracts_of(world_));
        world_.state().rewind_to(here);
        for (std::size_t i = 0; ok && i < held.size(); ++i) takes_all |= !held[i].is_zero() && left[i].is_zero();
        return ok ? std::nullopt : std::optional(observations_.failure_of(call));
    };
    const auto works_for = [&](bool is_hers, const Call& call) {
        PlannedTransaction planned;
        planned.is_attack = is_hers;
        if (is_hers) planned.activations.push_back({std::nullopt, {call}});
        else planned.call = call;
        const bool ok = perform(world_, execution_, planned);
        world_.state().rewind_to(here);
        return ok;
    };
    const auto calls = candidates_.calls(Caller::Attacker, 1);
    for (const Call& call : *calls) {
        if (deadline_.has_passed() || takes_all) break;
        if (!hers.contains({call.contract, call.function})) continue;
        // Who gets something she may say if nobody else may make the same call.
        if (says_who(world_, {call.contract, call.function}) && works_for(true, call) && !works_for(false, call))
            return true;
        for (const Call& much : with_extremes(world_.function_of(call), call, Extreme::TooLarge))
            (void)mend(make(much), mends_, make);
    }
    return takes_all;
}

World& Prelude::placed(World& world) {
    world.place_attacker();
    return world;
}

bool Prelude::perform_mended(PlannedTransaction& planned) {
    const auto here = world_.state().checkpoint();
    const abi::Data hers{world_.attacker().address};
    const bool is_hers = std::ranges::count(planned.call.arguments, hers) != 0;
    const auto make = [&](const Call& call) -> std::optional<Failure> {
        if (!is_hers && std::ranges::count(call.arguments, hers) != 0) return Failure{};
        PlannedTransaction mended = planned;
        mended.call = call;
        if (perform_observed(mended)) return std::nullopt;
        world_.state().rewind_to(here);
        return observations_.failure_of(call);
    };
    mends_.allow_more();
    std::optional<Failure> failure = make(planned.call);
    if (!failure) return true;
    std::optional<Call> passed = mend(std::move(failure), mends_, make);
    if (passed) planned.call = std::move(*passed);
    return passed.has_value();
}

bool Prelude::perform_observed(const PlannedTransaction& planned) { return perform_observed(planned, planned.call); }

bool Prelude::perform_observed(const PlannedTransaction& planned, const Call& call) {
    execution_.machine().set_tracer(&observations_);
    observations_.begin_run();
    const bool ok = perform(world_, execution_, planned);
    execution_.machine().set_tracer(nullptr);
    (void)observations_.learn(call, world_.state().block().timestamp, world_.state().block().number, !ok);
    return ok;
}

bool rules_behind(const Draft& draft, const Plan& plan) { return Prelude(draft).rules_behind(plan); }

bool has_rights(const Draft& draft) { return Prelude(draft).has_rights(); }

Plan prelude(Draft& draft) {
    Prelude prelude(draft);
    Plan plan = prelude.run(draft.choice.enrols, approvals_of_her_contract(draft));
    for (const SetupStep& step : prelude.newborns()) (void)draft.attempt(step);
    return plan;
}

}  // namespace interlock::analyzer
