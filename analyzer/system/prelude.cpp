// What honest users did before an attack.
#include <set>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/system/draft.hpp"

namespace interlock::analyzer {

namespace {

constexpr std::size_t most_prelude = 4;  // deposits

std::vector<Address> contracts_of(const World& world) {
    std::set<Address> seen;
    for (const DeployedContract& contract : world.contracts()) seen.insert(contract.address);
    return {seen.begin(), seen.end()};
}

}  // namespace

// Alice pays into every contract that takes something from her.
Plan prelude(const Draft& draft) {
    Plan plan;
    World world = draft.world;
    world.place_attacker();
    const Purse purse(world);
    chain::Execution execution(world.state());
    execution.machine().set_strangers([&](const Address& a) { return a == world.attacker().address; });
    Observations observations;
    Candidates candidates(world, observations);
    std::set<std::pair<DeployedIndex, std::uint32_t>> done;
    world.state().keep_history(true);
    for (const std::uint32_t level : {0u, 1u}) {
        for (Call call : *candidates.calls(Caller::Honest, level)) {
            if (plan.size() >= most_prelude || draft.deadline.has_passed()) return plan;
            if (!world.artifact_of(call.contract) || done.contains({call.contract, call.function})) continue;
            const bool has_ether = !call.value.is_zero();
            for (const std::uint64_t times : {10u, 1u}) {
                if (times != 1 && (level != 0 || !has_ether)) continue;
                PlannedTransaction planned;
                planned.call = call;
                planned.call.value = call.value * Word{times};
                const auto here = world.state().checkpoint();
                const Wealth before = purse.of(world, {world.users()[0].address});
                const Wealth held = purse.of(world, contracts_of(world));
                execution.machine().set_tracer(&observations);
                observations.begin_run();
                const bool ok = perform(world, execution, planned);
                execution.machine().set_tracer(nullptr);
                (void)observations.learn(planned.call, world.state().block().timestamp, world.state().block().number, !ok);
                const Wealth after = purse.of(world, {world.users()[0].address});
                const Wealth now = purse.of(world, contracts_of(world));
                bool pays = false;
                for (std::size_t i = 0; i < after.size(); ++i) pays |= after[i] < before[i] && now[i] > held[i];
                if (ok && pays) {
                    plan.push_back(std::move(planned));
                    done.insert({call.contract, call.function});
                    break;
                }
                world.state().rewind_to(here);
            }
        }
    }
    return plan;
}

}  // namespace interlock::analyzer
