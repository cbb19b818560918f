#include "analyzer/explorer/explorer.hpp"

#include <algorithm>

#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/search.hpp"

namespace interlock::analyzer {

namespace {

struct Round {
    std::uint32_t level, calls;  // of the candidates; highest number of calls
};

// The rounds of the exhaustive part. Short schedules with many candidates come before long ones with few.
std::vector<Round> rounds_within(const SearchBounds& bounds) {
    std::vector<Round> rounds{{0, 1}, {1, 1}, {0, 2}, {1, 2}, {0, 3}, {0, 4}, {1, 3}, {2, 2}, {0, 5}, {1, 4}, {1, 5}};
    for (std::uint32_t calls = 6; calls <= std::max(bounds.calls, bounds.wide_calls); ++calls) {
        rounds.push_back({0, calls});
        rounds.push_back({1, calls});
    }
    std::erase_if(rounds, [&](const Round& round) {
        return round.level > bounds.argument_level || round.calls > (round.level == 0 ? bounds.calls : bounds.wide_calls);
    });
    return rounds;
}

constexpr double exhaustive_share = 0.5;  // of the time
constexpr double share_of_round = 0.25;   // of what is left of it, for one root
constexpr double least_seconds_of_round = 0.25;
constexpr std::size_t round_to_choose_roots = 5;
constexpr std::size_t most_roots = 4;  // from then on

// Keeps the roots from which the runs have reached most branches.
void choose_roots(std::vector<std::unique_ptr<Search>>& searches) {
    auto core = std::move(searches.back());  // of the fewest contracts, if there is a choice
    searches.pop_back();
    std::stable_sort(searches.begin(), searches.end(),
                     [](const auto& a, const auto& b) { return a->branches() > b->branches(); });
    if (searches.size() >= most_roots) searches.resize(most_roots - 1);
    searches.push_back(std::move(core));
}
constexpr double most_seconds_from_one_state = 0.5;

}  // namespace

bool SuspectedAttack::has_gain() const {
    return std::ranges::any_of(gain, [](const Word& each) { return !each.is_zero(); });
}

SearchStats explore(std::vector<Root>& roots, const SearchBounds& bounds, const ExplorerHooks& hooks) {
    Hunt hunt(bounds, hooks);
    std::vector<std::unique_ptr<Search>> searches;
    for (Root& root : roots) {
        searches.push_back(std::make_unique<Search>(root, hunt));
        searches.back()->begin();
    }
    hunt.settle();
    SearchStats& stats = hunt.stats;
    const double time = std::min(hooks.deadline.seconds_left(), 1e9);
    if (bounds.is_guided) hunt.begin_phase(hunt.seconds() + time * exhaustive_share);
    bool is_complete = true;
    std::size_t round = 0;
    for (const auto& [level, calls] : rounds_within(bounds)) {
        if (++round == round_to_choose_roots) choose_roots(searches);
        for (const auto& search : searches) {
            if (hunt.halted()) break;
            const double phase = hunt.phase_end;
            if (bounds.is_guided) {
                const double now = hunt.seconds();
                hunt.begin_phase(std::min(phase, now + std::max(least_seconds_of_round, (phase - now) * share_of_round)));
            }
            search->exhaust(level, calls);
            is_complete &= !hunt.phase_over;
            hunt.begin_phase(phase);
            while (bounds.is_guided && !hunt.halted() && search->has_fresh_unserial_state()) {
                const double end = hunt.phase_end;
                hunt.begin_phase(std::min(end, hunt.seconds() + most_seconds_from_one_state));
                (void)search->go_on(hooks.deadline);
                hunt.begin_phase(end);
            }
        }
        if (!hunt.halted() && level == 0) stats.calls_completed = std::max(stats.calls_completed, calls);
    }
    is_complete &= !hunt.phase_over;
    bool goes_on = bounds.is_guided;
    while (goes_on && !hunt.stop) {
        goes_on = false;
        for (const auto& search : searches) {
            hunt.begin_phase(hunt.seconds() + most_seconds_from_one_state);
            goes_on |= search->go_on(hooks.deadline);
        }
    }
    if (!is_complete && stats.exhausted()) stats.end = SearchEnd::Time;
    for (const auto& search : searches) stats.states += search->states();
    stats.seconds = hunt.seconds();
    return stats;
}

bool still_harms(const World& system, const Purse& purse, const Plan& plan, const SuspectedAttack& suspect,
                 const Deadline& deadline) {
    auto built = World::build(system.shared_compilation(), system.recipe());
    if (!std::holds_alternative<World>(built)) return false;
    World& world = std::get<World>(built);
    world.place_attacker();
    const World start = world;
    const Wealth before = purse.of_attacker(world), others_before = purse.of_others(world);
    world.state().keep_history(true);
    world.state().keep_fingerprint(true);
    chain::Execution execution(world.state());
    execution.machine().set_strangers([&](const Address& a) { return a == world.attacker().address; });
    for (const PlannedTransaction& planned : plan)
        if (!perform(world, execution, planned)) return false;
    const Wealth after = purse.of_attacker(world), others_after = purse.of_others(world);
    Serialisations serial;
    serial.best = before;
    if (suspect.is_reentrant()) {
        if (reentries(plan) == 0) return false;
        serial = serialise(start, purse, plan, world.state().fingerprint(), deadline);
        if (!serial.all) return false;
    }
    const std::vector<InvariantReading> readings = read_invariants(world);
    for (const PropertyId& property : suspect.broken) {
        const auto reading = std::ranges::find(readings, property, &InvariantReading::invariant);
        if (reading == readings.end() || !reading->is_false() || serial.broken.contains(property)) return false;
    }
    if (!suspect.has_gain()) return true;
    if (!is_nowhere_below(after, before)) return false;
    for (std::size_t i = 0; i < suspect.gain.size(); ++i)
        if (!suspect.gain[i].is_zero() && (after[i] < before[i] + suspect.gain[i] || after[i] <= serial.best[i] ||
                                           (suspect.must_be_lost[i] && !(others_after[i] < others_before[i]))))
            return false;
    return true;
}

}  // namespace interlock::analyzer
