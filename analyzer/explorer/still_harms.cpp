#include "analyzer/explorer/explorer.hpp"
#include "analyzer/explorer/judge.hpp"
#include "analyzer/explorer/perform.hpp"
#include "analyzer/explorer/serialise.hpp"

// A plan that was found is tried once more, in a world that was made anew.
namespace interlock::analyzer {

bool still_harms(const World& system, const Purse& purse, const Plan& plan, const SuspectedAttack& suspect,
                 const Deadline& deadline) {
    auto built = World::build(system.shared_compilation(), system.recipe());
    if (!std::holds_alternative<World>(built)) return false;
    World& world = std::get<World>(built);
    world.place_attacker();
    const Wealth before = purse.of_attacker(world), others_before = purse.of_others(world);
    world.state().keep_history(true);
    world.state().keep_fingerprint(true);
    World start = world;
    chain::Execution execution(world.state());
    execution.machine().set_strangers([&](const Address& a) { return a == world.attacker().address; });
    for (const PlannedTransaction& planned : plan)
        if (!perform(world, execution, planned)) return false;
    const Wealth after = purse.of_attacker(world), others_after = purse.of_others(world);
    Serialisations serial;
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
    if (suspect.excess) {
        const Word entry = entry_of_attacker(world, suspect.excess->ledger);
        const auto is_reached_serially = [&](const std::vector<Ledger>& ledgers, const std::vector<Word>& highest) {
            for (std::size_t i = 0; i < ledgers.size(); ++i)
                if (ledgers[i] == suspect.excess->ledger && !(entry > highest[i])) return true;
            return false;
        };
        if (is_reached_serially(purse.ledgers(), serial.entries) || is_reached_serially(purse.totals(), serial.totals))
            return false;
        if (!(entry > suspect.excess->limit)) return false;
        for (std::size_t i = 0; is_of_money(suspect.excess->limit) && i < after.size(); ++i)
            if (after[i] < before[i] && !(entry > before[i] - after[i])) return false;
    }
    if (suspect.surplus) {
        const Surplus& surplus = *suspect.surplus;
        return serial.surplus_of(purse, after, entries_of_attacker(world, purse.ledgers())) == surplus.asset &&
               after[surplus.asset] > surplus.most && !(serial.most_where_most_works(surplus.asset) > surplus.most);
    }
    if (!suspect.has_gain()) return true;
    const Wealth all = sum_of(before, others_before);
    const auto is_worth_it = [&](std::size_t asset) {
        return outweighs(asset, after, with_at_least(before, asset, serial.best[asset]), all);
    };
    const bool beats_others = !suspect.is_reentrant() || serial.are_beaten_by(after);
    if (!suspect.costs_little && (!is_nowhere_below(after, before) || !beats_others)) return false;
    for (std::size_t i = 0; i < suspect.gain.size(); ++i)
        if (!suspect.gain[i].is_zero() &&
            (after[i] < before[i] + suspect.gain[i] || (suspect.costs_little && !is_worth_it(i)) ||
             (suspect.must_be_lost[i] && !(others_after[i] < others_before[i]))))
            return false;
    return true;
}

}  // namespace interlock::analyzer
