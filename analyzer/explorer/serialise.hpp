// Serialisations: the same calls without re-entry, one after the other, in every order.
// (Grossman et al., "Online detection of effectively callback free objects", POPL 2018)
#pragma once

#include <set>

#include "analyzer/devnet/invariants.hpp"
#include "analyzer/explorer/wealth.hpp"

namespace interlock::analyzer {

struct Serialisations {
    Wealth best;  // of the attacker, over all orders, asset by asset
    // Her holdings at the end of the orders: her wealth, then the entries. Without those that another one dominates.
    std::vector<std::vector<Word>> ends;
    std::vector<Word> entries;    // the highest of the attacker's contract, by the ledgers of the purse
    std::vector<Word> totals;     // the highest, by the totals of the purse
    std::set<PropertyId> broken;  // invariants that some order breaks
    bool all_calls_work = false;  // each of her calls succeeds in some order
    // Her holdings at the end of the orders in which the fewest calls fail, hers and others'.
    std::vector<std::vector<Word>> ends_where_most_works;
    std::uint32_t fewest_failures = ~std::uint32_t{0};
    bool reaches_state = false;  // some order ends in the state that was asked for
    std::uint32_t orders = 0;
    bool all = true;  // false: there were too many orders, or the time was up, so nothing follows

    // Returns whether no order gives her that much: it is more of some asset than any order gives, or as much of
    // everything as any does, and no order gives that much of everything at once (the loan, and the pledge back).
    [[nodiscard]] bool are_beaten_by(const Wealth& wealth) const;
    // Returns an asset of which she has more than after any order in which most of the calls work, while she has as much of
    // the others, and the same other entries, as after one of those.
    [[nodiscard]] std::optional<std::size_t> surplus_of(const Purse& purse, const Wealth& wealth,
                                                        const std::vector<Word>& entries) const;
    [[nodiscard]] Word most_where_most_works(std::size_t asset) const;
    // Returns whether no order gives her that much wealth and that high entries at once.
    [[nodiscard]] bool are_below(const Wealth& wealth, const std::vector<Word>& entries) const;
};

// `start` is the world before the plan, with the attacker in place; it keeps history and its fingerprint, and is left as it
// was. She answers callbacks at once, with the answers of
// the plan: to each selector the same, and in further orders what she answered during the same call; where the plan has
// her refuse one, there are also the orders in which she refuses all.
// `state` is the fingerprint of the state that the plan leads to.
[[nodiscard]] Serialisations serialise(World& start, const Purse& purse, const Plan& plan, const chain::Fingerprint& state,
                                       const Deadline& deadline);

// What she could have done otherwise, without re-entry either: she leaves out some of the calls (where there are many, equal
// ones together, or of those that re-entered): what was lost on her is no loss that re-entry spares her, if she need not have
// paid it. Or she answers with what she was told, the ether that she got or an argument, where she answered with a number: who
// takes what is lent to her and says so need not call back for it. Or she makes her calls again, one after the other: what
// anybody gets by asking often needs no re-entry. Or her calls of neighbouring transactions change places, or one of them
// brings nothing. Not all such ways are tried: `all` and `orders` say nothing here.
[[nodiscard]] Serialisations serialise_otherwise(World& start, const Purse& purse, const Plan& plan,
                                                 const chain::Fingerprint& state, const Deadline& deadline);

// Returns whether whoever set the system up named her, she answers with numbers, and has more after the same calls, one after
// the other, or more is said of her, if these are greater: she was to be believed, and may name any price.
[[nodiscard]] bool believes_her_numbers(World& start, const Purse& purse, const Plan& plan, const Deadline& deadline);

}  // namespace interlock::analyzer
