// Judges the states between transactions: is somebody harmed, and by more than calls one after the other do?
#pragma once

#include <unordered_set>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/hunt.hpp"
#include "analyzer/explorer/kept_states.hpp"
#include "analyzer/explorer/serial_limit.hpp"
#include "analyzer/explorer/serialise.hpp"
#include "analyzer/explorer/state_map.hpp"

namespace interlock::analyzer {

// Whether a limit of a ledger's entries is so high that they stand for units of an asset (wei), and are no counts.
[[nodiscard]] bool is_of_money(const Word& limit);

class Judge {
  public:
    // The attacker is in place, and nobody has acted.
    Judge(Root& root, Hunt& hunt);

    [[nodiscard]] const Purse& purse() const { return purse_; }

    // Takes up a contract that the world has expected since.
    void expect(const SetupStep& newborn) { (void)start_.perform(newborn); }
    // Looks for invariants that the deployment left false.
    void at_start();
    // Counts what she was given in the prelude as hers from the start.
    void after_prelude();
    // What anybody can have for nothing, again and again, is no gain in itself: it must be somebody's loss.
    void find_free_assets(Candidates& candidates);

    struct Opinion {
        bool is_sound = true;  // false: an invariant is broken, so later states are of no interest
        bool is_reentrant = false;
        std::optional<Promise> promise;  // of going on from here
        bool is_paid_excess = false;     // a ledger says more than any order gives, but no more than she paid
    };
    // Looks for damage in the world's state, to which the plan led, and lets the hunt confirm what it finds.
    // `is_kept`: the state was judged before, and kept.
    Opinion examine(const Plan& plan, bool is_kept);

    // Whether an entry of hers in a ledger was above what the same calls reach one after the other.
    [[nodiscard]] bool has_excess() const;
    // Confirms an attack that leaves her with more than the same calls one after the other, though with less than at first.
    void judge_surpluses(Candidates& candidates);
    // Finds the limits of those ledgers within the deadline, and confirms the attack that passes one.
    void judge_excesses(Candidates& candidates, const Deadline& deadline);

  private:
    struct FoundSurplus {
        Plan plan;
        Surplus surplus;
        Holdings holdings;  // hers then
    };
    void note_surplus(const Plan& plan, const Serialisations& serial, const Wealth& wealth,
                      const std::vector<Word>& entries);
    struct HighEntry {
        Plan plan;
        Word value;
        Word judged;  // the value whose limit was found
        Word paid;    // what she has less than at first of an asset, at most
        // What stands for no more than she paid is no excess, whichever way it was paid. Entries that count (tickets, votes)
        // are not in the unit of what she paid.
        [[nodiscard]] bool is_paid() const;
    };
    // Returns whether all invariants hold; adds those that do not, and that are still open, to the suspect's.
    bool are_invariants_kept(SuspectedAttack& suspect);
    // Returns whether there is one that is paid.
    bool note_excess(const Plan& plan, const Serialisations& serial, const Wealth& wealth, const std::vector<Word>& entries);
    [[nodiscard]] bool is_much_more(std::size_t asset, const Wealth& wealth, const Serialisations& serial) const;
    void note_gain(const Plan& plan, SuspectedAttack& suspect, const Wealth& wealth, const Serialisations& serial);
    [[nodiscard]] Wealth lost_by_users();                      // since the start
    [[nodiscard]] bool costs_others(std::size_t asset) const;  // whether they have less of it than at the start
    // Returns an asset that others lost and of which she has so much more than at the start, and than serially, that what it
    // cost does not matter.
    [[nodiscard]] std::optional<std::size_t> gains_at_little_cost(const Wealth& wealth, const Wealth& serially) const;
    [[nodiscard]] const Ledger& ledger(std::size_t i) const;  // those of the purse, then its totals
    void confirm(const SuspectedAttack& suspect);
    // A re-entry that was not compared yet has the longer share of the time.
    [[nodiscard]] double share_of_serialising(const Plan& plan) const;
    [[nodiscard]] Plan own_part(const Plan& plan) const;

    Root& root_;
    World& world_;
    Hunt& hunt_;
    World start_;  // in which serialisations run
    const Purse purse_;
    Wealth start_wealth_;
    const Wealth others_at_start_;
    std::vector<HighEntry> high_entries_;            // by ledger(): the highest that no serialisation had
    std::map<std::size_t, FoundSurplus> surpluses_;  // by asset: the first that was found
    std::vector<bool> is_free_;                      // by asset: she can have as much of it as she likes
    Wealth granted_;                                 // of each asset: what one call of hers gives her for nothing
    std::unordered_set<std::uint64_t> compared_;     // shapes of re-entries
    StateMap serial_states_;
    StateMap sound_states_;  // in which all invariants hold
};

}  // namespace interlock::analyzer
