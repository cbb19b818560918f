// Hashes that contracts expect to have been told when they were deployed.
#include <algorithm>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/system/draft.hpp"

namespace interlock::analyzer {

std::vector<vm::Word> hashes_expected(const World& deployed, const Deadline& deadline) {
    constexpr std::size_t most = 2;
    World world = deployed;
    world.place_attacker();
    world.state().keep_history(true);
    Observations observations;
    Candidates candidates(world, observations);
    chain::Execution execution(world.state());
    execution.machine().set_strangers([&](const Address& address) { return address == world.attacker().address; });
    execution.machine().set_tracer(&observations);
    std::vector<vm::Word> found;
    const auto calls = candidates.calls(Caller::Attacker, 0);
    for (const Call& call : *calls) {
        if (found.size() == most || deadline.has_passed()) break;
        const auto here = world.state().checkpoint();
        PlannedTransaction planned;
        planned.is_attack = true;
        planned.activations.push_back({std::nullopt, {call}});
        observations.begin_run();
        (void)perform(world, execution, planned);
        world.state().rewind_to(here);
        for (const vm::Word& hash : observations.compared_with_zero())
            if (found.size() < most && std::ranges::count(found, hash) == 0) found.push_back(hash);
    }
    return found;
}

}  // namespace interlock::analyzer
