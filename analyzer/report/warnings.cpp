#include "analyzer/report/warnings.hpp"

#include <algorithm>

#include "analyzer/devnet/amounts.hpp"
#include "analyzer/devnet/colluder.hpp"

namespace interlock::analyzer {

namespace {

std::string text_of(const World& world, const Call& call) {
    const std::string with = call.value.is_zero() ? "" : " with " + format_wei(call.value);
    return world.contract(call.contract).name + "." + world.text_of(call) + with;
}

// Returns a line for each call that somebody makes on their own, and for what her contract does when it is called.
std::vector<std::string> steps_of(const World& world, const Plan& plan) {
    std::vector<std::string> steps;
    for (const PlannedTransaction& planned : plan) {
        if (planned.wait.seconds != 0) steps.push_back(std::to_string(planned.wait.seconds) + " seconds pass");
        if (!planned.is_attack) steps.push_back(world.senders()[planned.sender].name + " " + text_of(world, planned.call));
        for (std::size_t i = 0; i < planned.activations.size(); ++i)
            for (const Call& call : planned.activations[i].calls)
                steps.push_back((planned.is_attack && i == 0 ? "mallory " : "mallory, called back: ") +
                                text_of(world, call));
    }
    return steps;
}

// Returns the last call of a contract under check that she makes, or else the last of all.
std::optional<Call> last_call_of(const World& world, const Plan& plan) {
    std::optional<Call> hers, last;
    const auto note = [&](const Call& made, std::optional<Call>& place) {
        Call call = carried_call(world, made).value_or(made);
        if (world.artifact_of(call.contract)) place = std::move(call);
    };
    for (const PlannedTransaction& planned : plan) {
        if (!planned.is_attack) note(planned.call, last);
        for (const Activation& activation : planned.activations)
            for (const Call& call : activation.calls) note(call, hers);
    }
    return hers ? hers : last;
}

bool repeats(World& world, const Remark& remark, const std::shared_ptr<const lang::Compilation>& compilation) {
    AttackScript script = make_script(world, remark.plan);
    script.compilation = compilation;
    const auto result = run_script(script);
    const Trace* const trace = std::get_if<Trace>(&result);
    return trace && trace->gain >= remark.gain;
}

}  // namespace

void Warnings::add(World& world, const Remark& remark) {
    using Kind = Remark::Kind;
    const std::optional<Call> last = last_call_of(world, remark.plan);
    if (!last) return;
    Warning warning;
    DeployedIndex contract = last->contract;
    std::uint32_t function = last->function;
    std::string subject;
    switch (remark.kind) {
        case Kind::Access:
            warning.id = finding_id::anybody_takes;
            warning.message = "anybody can take what others put in: mallory gains " + format_ether(remark.gain) +
                              ", and there is no re-entry";
            break;
        case Kind::Order:
            warning.id = finding_id::order_decides;
            warning.message = "the order of the transactions decides: mallory gains " + format_ether(remark.gain) +
                              " so, and in another order somebody else does better";
            break;
        case Kind::View:
            warning.id = finding_id::view_in_between;
            contract = remark.view->contract;
            function = remark.view->function;
            warning.message = "while `" + remark.view->caller + "` waits for a call, `" + world.contract(contract).name +
                              "." + world.contract(contract).ir().functions[function].name + "` answers " +
                              remark.view->during + "; before it is " + remark.view->before + " and afterwards " +
                              remark.view->after;
            subject = std::to_string(function);
            break;
        case Kind::Unserial:
            warning.id = finding_id::not_serial;
            warning.message = "a re-entry leads to a state that no order of the same calls reaches; no gain was found";
            break;
    }
    warning.contract = world.contract(contract).name;
    if (!subjects_.emplace(warning.id, warning.contract + subject).second) return;
    if ((remark.kind == Kind::Access || remark.kind == Kind::Order) && !repeats(world, remark, world.shared_compilation()))
        return;
    warning.steps = steps_of(world, remark.plan);
    warning.range = world.contract(contract).ir().functions[function].range;
    list_.push_back(std::move(warning));
}

std::vector<Warning> Warnings::all(const Report& report) const {
    const bool has_attack =
        std::ranges::any_of(report.attacks, [](const Trace& attack) { return attack.script.kind == "reentrancy"; });
    const auto is_about_reentry = [](const Warning& warning) {
        return warning.id == finding_id::view_in_between || warning.id == finding_id::not_serial;
    };
    std::vector<Warning> warnings;
    for (const Warning& warning : list_)
        if (!(has_attack && is_about_reentry(warning)) && !(report.all_safe() && warning.id == finding_id::not_serial))
            warnings.push_back(warning);
    std::ranges::stable_sort(warnings, {}, &Warning::id);
    return warnings;
}

}  // namespace interlock::analyzer
