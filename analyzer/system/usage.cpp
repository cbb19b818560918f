#include "analyzer/system/usage.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::uint32_t her_contract = ~0u;  // beside the senders of a world

PlannedTransaction planned_for(std::uint32_t caller, const Call& call) {
    PlannedTransaction planned;
    planned.is_attack = caller == her_contract;
    if (planned.is_attack) planned.activations.push_back({std::nullopt, {call}});
    else {
        planned.sender = caller;
        planned.call = call;
    }
    return planned;
}

}  // namespace

std::set<Usage::Function> Usage::of(std::uint32_t sender, const std::set<Function>& but) {
    return working(Caller::Honest, sender, but);
}

std::set<Usage::Function> Usage::of_attacker(const std::set<Function>& but) {
    return working(Caller::Attacker, her_contract, but);
}

std::set<Usage::Function> Usage::working(Caller kind, std::uint32_t caller, const std::set<Function>& but) {
    std::set<Function> works;
    const auto calls = candidates_.calls(kind, 1);
    for (const Call& call : *calls) {
        const Function function{call.contract, call.function};
        if (deadline_.has_passed() || works.contains(function) || but.contains(function)) continue;
        const std::optional<bool> known = attempts_.known(caller, call);
        if (known ? *known : attempt(caller, call)) works.insert(function);
    }
    return works;
}

bool Usage::attempt(std::uint32_t caller, const Call& call) {
    chain::State& state = world_.state();
    const auto here = state.checkpoint();
    const Address& signer = caller == her_contract ? world_.mallory().address : world_.senders()[caller].address;
    attempts_.begin(caller == her_contract ? world_.attacker().address : signer, world_.contract(call.contract).address,
                    call);
    const chain::Fingerprint before = state.fingerprint();
    const std::uint64_t nonce = state.nonce(signer);
    execution_.machine().set_tracer(&attempts_);
    const bool ok = perform(world_, execution_, planned_for(caller, call));
    execution_.machine().set_tracer(nullptr);
    state.set_nonce(signer, nonce);
    const bool works = ok && state.fingerprint() != before;
    state.rewind_to(here);
    attempts_.end(caller, call, works);
    return works;
}

std::set<Usage::Function> Usage::of_owner_alone() {
    std::set<Function> list = of(World::owner_index);
    for (const Function& function : of(0)) list.erase(function);
    return list;
}

}  // namespace interlock::analyzer
