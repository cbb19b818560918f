// Hashes that contracts expect to have been told when they were deployed.
#include <algorithm>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/system/draft.hpp"

namespace interlock::analyzer {

namespace {

// Whether the numbers that the call is told are ones: of things that are counted, not of money.
bool tells_of_one(const Call& call) {
    return std::ranges::all_of(call.arguments, [](const lang::abi::Data& argument) {
        const auto* const word = std::get_if<vm::Word>(&argument.content);
        return !word || !word->fits_u64() || *word == vm::Word{1};
    });
}

}  // namespace

// Of calls with other numbers the hashes are others. Those of the first calls come first, and of such as tell of one thing.
std::vector<vm::Word> hashes_expected(const World& deployed, const Deadline& deadline) {
    constexpr std::size_t most = 2, most_of_all = 3, most_runs = 200;
    World world = deployed;
    world.place_attacker();
    world.state().keep_history(true);
    Observations observations;
    Candidates candidates(world, observations);
    chain::Execution execution(world.state());
    execution.machine().set_strangers([&](const Address& address) { return address == world.attacker().address; });
    execution.machine().set_tracer(&observations);
    std::vector<vm::Word> first, of_one;
    std::size_t runs = 0;
    const auto calls = candidates.calls(Caller::Attacker, 0);
    for (const Call& call : *calls) {
        if (of_one.size() == most || ++runs > most_runs || deadline.has_passed()) break;
        const auto here = world.state().checkpoint();
        PlannedTransaction planned;
        planned.is_attack = true;
        planned.activations.push_back({std::nullopt, {call}});
        observations.begin_run();
        (void)perform(world, execution, planned);
        world.state().rewind_to(here);
        std::vector<vm::Word>& found = tells_of_one(call) ? of_one : first;
        for (const vm::Word& hash : observations.compared_with_zero())
            if (found.size() < most && std::ranges::count(found, hash) == 0) found.push_back(hash);
    }
    std::vector<vm::Word> all;
    for (std::size_t i = 0; i < most; ++i)
        for (const auto* list : {&first, &of_one})
            if (i < list->size() && all.size() < most_of_all) all.push_back((*list)[i]);
    return all;
}

}  // namespace interlock::analyzer
