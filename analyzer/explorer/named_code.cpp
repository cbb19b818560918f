#include "analyzer/explorer/named_code.hpp"

#include <algorithm>

#include "analyzer/explorer/perform.hpp"

namespace interlock::analyzer {

NamedCode::NamedCode(World& world, Candidates& candidates,
                     const std::set<std::pair<DeployedIndex, std::uint32_t>>& privileged)
    : world_(world) {
    const lang::abi::Data her{world.attacker().address};
    const auto all = candidates.calls(Caller::Attacker, 1);
    for (const Call& call : *all)
        if (std::ranges::count(call.arguments, her) != 0 && !privileged.contains({call.contract, call.function}) &&
            !runs(call))
            calls_.push_back(call);
}

bool NamedCode::is_run() {
    return std::ranges::any_of(calls_, [&](const Call& call) { return runs(call); });
}

bool NamedCode::runs(const Call& call) {
    constexpr std::size_t selector_bytes = 4;
    const auto here = world_.state().checkpoint();
    chain::Execution execution(world_.state());
    execution.machine().set_strangers([this](const Address& a) { return a == world_.attacker().address; });
    world_.observe(execution.machine());
    PlannedTransaction planned;
    planned.call = call;
    bool is_run = false;
    (void)perform(world_, execution, planned, [&](const vm::Message& message, const auto&) {
        is_run |= message.input.size() >= selector_bytes && !message.is_static;
    });
    world_.state().rewind_to(here);
    return is_run;
}

}  // namespace interlock::analyzer
