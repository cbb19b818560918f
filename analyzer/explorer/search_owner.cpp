#include "analyzer/explorer/appointments.hpp"
#include "analyzer/explorer/named_code.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/search.hpp"
#include "analyzer/system/usage.hpp"

// What is the owner's to do, and what she does not do for the attacker.
namespace interlock::analyzer {

namespace {

bool names(const lang::abi::Data& data, const Address& address) {
    if (const auto* const parts = std::get_if<std::vector<lang::abi::Data>>(&data.content))
        return std::ranges::any_of(*parts, [&](const auto& part) { return names(part, address); });
    return data == lang::abi::Data{address};
}

}  // namespace

bool Search::names_her(const Call& call) const {
    return std::ranges::any_of(world_.hers(), [&](const Address& hers) {
        return std::ranges::any_of(call.arguments, [&](const auto& argument) { return names(argument, hers); });
    });
}

// Whether nobody honest makes the call: it gives her tokens, or a part to play.
bool Search::favours_her(const Call& call) const {
    return is_gift(world_, call) || (appointing_.contains({call.contract, call.function}) && names_her(call));
}

std::size_t Search::open_to_her() {
    chain::Execution execution(state_);
    execution.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
    world_.observe(execution.machine());
    candidates_->refresh();
    return Usage(world_, execution, *candidates_, hunt_.hooks.deadline).of_attacker().size();
}

// Where the owner gets further than alice, it is the owner's to do.
void Search::find_what_is_the_owners() {
    candidates_->refresh();
    find_what_introduces();
    const Appointments appointments(world_);
    const std::size_t hers = appointments.hers();
    std::vector<Call> appointing, rights;  // rights: what works for the owner alone, one call of each function
    const auto calls = candidates_->calls(Caller::Honest, 1);
    for (const Call& call : *calls) {
        const std::pair function{call.contract, call.function};
        const bool may_appoint = !appointments.are_none() && names_her(call) && !appointing_.contains(function);
        const bool is_known = privileged_.contains(function) && !may_appoint;
        if (is_known || hunt_.hooks.deadline.has_passed()) continue;
        std::uint64_t place = 0;  // where the call failed
        bool appoints_her = false;
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
            appoints_her = ok && appointments.hers() > hers;
            state_.rewind_to(here);
            (void)observations_.learn(call, state_.block().timestamp, state_.block().number, !ok);
            observations_.learn_threshold(call);
            place = observations_.last_place();
            return ok;
        };
        if (succeeds(0)) continue;
        const std::uint64_t alices = place;
        const bool is_right = succeeds(World::owner_index);
        if ((is_right || place != alices) && privileged_.insert(function).second && is_right) rights.push_back(call);
        if (appoints_her && appointing_.insert(function).second) appointing.push_back(call);
    }
    if (!appointing.empty()) find_what_lets_her_appoint(appointing);
    find_what_lists_code();
    find_what_hands_rights_on(rights);
}

// Of the owner's calls that name her, those are not made after which that is so.
void Search::rule_out(const std::function<bool(const Call&)>& is_so) {
    chain::Execution execution(state_);
    execution.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
    world_.observe(execution.machine());
    const auto owners = candidates_->calls(Caller::Honest, 1);
    for (const Call& call : *owners) {
        const std::pair function{call.contract, call.function};
        if (!privileged_.contains(function) || appointing_.contains(function) || !names_her(call)) continue;
        if (hunt_.hooks.deadline.has_passed()) return;
        const auto here = state_.checkpoint();
        PlannedTransaction planned;
        planned.sender = World::owner_index;
        planned.call = call;
        if (perform(world_, execution, planned) && is_so(call)) appointing_.insert(function);
        state_.rewind_to(here);
    }
}

// Nor does the owner put her code on a list of what others may name to be run.
void Search::find_what_lists_code() {
    NamedCode code(world_, *candidates_, privileged_);
    rule_out([&](const Call&) { return code.is_run(); });
}

// Nor does the owner give rights away: what she can do then, and the owner cannot any more, at once or when she accepts it.
void Search::find_what_hands_rights_on(const std::vector<Call>& rights) {
    chain::Execution execution(state_);
    execution.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
    world_.observe(execution.machine());
    const auto works = [&](const Call& call, bool is_hers) {
        const auto here = state_.checkpoint();
        PlannedTransaction planned;
        planned.sender = World::owner_index;
        planned.is_attack = is_hers;
        if (is_hers) planned.activations.push_back({std::nullopt, {call}});
        else planned.call = call;
        const bool ok = perform(world_, execution, planned);
        state_.rewind_to(here);
        return ok;
    };
    const auto has_gone_over = [&] {
        return std::ranges::any_of(rights, [&](const Call& right) { return !works(right, false) && works(right, true); });
    };
    const auto accepting = candidates_->calls(Caller::Attacker, 0);
    rule_out([&](const Call& call) {
        bool gives = has_gone_over();
        for (const Call& accepts : *accepting) {
            if (gives || accepts.contract != call.contract || !accepts.arguments.empty()) continue;
            const auto before = state_.checkpoint();
            PlannedTransaction accepted;
            accepted.is_attack = true;
            accepted.activations.push_back({std::nullopt, {accepts}});
            gives = perform(world_, execution, accepted) && has_gone_over();
            state_.rewind_to(before);
        }
        return gives;
    });
}

// A call that made a contract a part of the system makes nobody else one: whoever it names may call functions that others
// may not.
void Search::find_what_introduces() {
    std::set<std::pair<DeployedIndex, std::uint32_t>> introducing;
    for (const SetupStep& step : world_.recipe().steps) {
        const auto known = std::ranges::find(world_.contracts(), step.to, &DeployedContract::name);
        if (step.to.empty() || known == world_.contracts().end()) continue;
        const auto call = world_.call_of(known->address, step.data, step.value);
        if (!call) continue;
        for (const DeployedContract& contract : world_.contracts())
            if (world_.artifact_of(contract) && std::ranges::count(call->arguments, lang::abi::Data{contract.address}) != 0)
                introducing.insert({call->contract, call->function});
    }
    if (introducing.empty()) return;
    chain::Execution execution(state_);
    execution.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
    world_.observe(execution.machine());
    const auto honest = candidates_->calls(Caller::Honest, 1), hers = candidates_->calls(Caller::Attacker, 0);
    // Returns the functions of the contract that work for her.
    const auto open_to_her = [&](DeployedIndex contract) {
        std::set<std::uint32_t> open;
        for (const Call& call : *hers) {
            if (call.contract != contract || open.contains(call.function)) continue;
            const auto here = state_.checkpoint();
            PlannedTransaction planned;
            planned.is_attack = true;
            planned.activations.push_back({std::nullopt, {call}});
            if (perform(world_, execution, planned)) open.insert(call.function);
            state_.rewind_to(here);
        }
        return open;
    };
    for (const auto& function : introducing) {
        const std::set<std::uint32_t> before = open_to_her(function.first);
        for (const Call& call : *honest) {
            if (std::pair{call.contract, call.function} != function || !names_her(call)) continue;
            if (hunt_.hooks.deadline.has_passed()) return;
            const auto here = state_.checkpoint();
            PlannedTransaction planned;
            planned.sender = World::owner_index;
            planned.call = call;
            if (perform(world_, execution, planned) && !std::ranges::includes(before, open_to_her(function.first)))
                appointing_.insert(function);
            state_.rewind_to(here);
        }
    }
}

// Nor does the owner hand on the right to appoint, at once or to somebody who then accepts it.
void Search::find_what_lets_her_appoint(const std::vector<Call>& appointing) {
    const Appointments appointments(world_);
    const std::size_t hers = appointments.hers();
    chain::Execution execution(state_);
    execution.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
    world_.observe(execution.machine());
    const auto by_her = [&](const std::vector<Call>& made) {
        const auto here = state_.checkpoint();
        PlannedTransaction planned;
        planned.is_attack = true;
        planned.activations.push_back({std::nullopt, made});
        const bool has_appointed = perform(world_, execution, planned) && appointments.hers() > hers;
        state_.rewind_to(here);
        return has_appointed;
    };
    const auto accepting = candidates_->calls(Caller::Attacker, 0);
    rule_out([&](const Call& call) {
        bool lets_her = false;
        for (const Call& each : appointing) {
            lets_her = lets_her || by_her({each});
            for (const Call& accepts : *accepting)
                if (accepts.contract == call.contract && accepts.arguments.empty())
                    lets_her = lets_her || by_her({accepts, each});
        }
        return lets_her;
    });
}

}  // namespace interlock::analyzer
