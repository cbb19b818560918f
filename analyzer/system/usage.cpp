#include "analyzer/system/usage.hpp"

namespace interlock::analyzer {

template <class Planned>
std::set<Usage::Function> Usage::working(Caller caller, const std::set<Function>& but, const Planned& planned_for) {
    std::set<Function> works;
    const auto calls = candidates_.calls(caller, 1);
    for (const Call& call : *calls) {
        const Function function{call.contract, call.function};
        if (deadline_.has_passed() || works.contains(function) || but.contains(function)) continue;
        const auto here = world_.state().checkpoint();
        const PlannedTransaction planned = planned_for(call);
        const Address& sender = planned.is_attack ? world_.mallory().address : world_.senders()[planned.sender].address;
        const chain::Fingerprint before = world_.state().fingerprint();
        const std::uint64_t nonce = world_.state().nonce(sender);
        const bool ok = perform(world_, execution_, planned);
        world_.state().set_nonce(sender, nonce);
        if (ok && world_.state().fingerprint() != before) works.insert(function);
        world_.state().rewind_to(here);
    }
    return works;
}

std::set<Usage::Function> Usage::of(std::uint32_t sender, const std::set<Function>& but) {
    return working(Caller::Honest, but, [&](const Call& call) {
        PlannedTransaction planned;
        planned.sender = sender;
        planned.call = call;
        return planned;
    });
}

std::set<Usage::Function> Usage::of_attacker(const std::set<Function>& but) {
    return working(Caller::Attacker, but, [](const Call& call) {
        PlannedTransaction planned;
        planned.is_attack = true;
        planned.activations.push_back({std::nullopt, {call}});
        return planned;
    });
}

std::set<Usage::Function> Usage::of_owner_alone() {
    std::set<Function> list = of(World::owner_index);
    for (const Function& function : of(0)) list.erase(function);
    return list;
}

}  // namespace interlock::analyzer
