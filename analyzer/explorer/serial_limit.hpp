// The serial limit: how high a ledger lets an entry of hers get by calls one after the other.
#pragma once

#include <optional>

#include "analyzer/explorer/candidates.hpp"
#include "analyzer/explorer/wealth.hpp"

namespace interlock::analyzer {

// Makes the calls of the plan one after the other, and climbs from each state on the way: of all candidates it takes the
// call that raises the entry most, or one that gives her something with which it can be raised, until none does. Returns the highest entry of her contract, or std::nullopt if it
// still grew after `most_climbing_calls`, or if the time was up: then nothing follows.
//
// The world is where the plan starts, and is left as it was.
inline constexpr int most_climbing_calls = 8;
[[nodiscard]] std::optional<Word> serial_limit(World& world, Candidates& candidates, const Purse& purse,
                                               const Ledger& ledger, const Plan& plan, const Deadline& deadline);

// What she has of everything, and her entries in the ledgers.
struct Holdings {
    Wealth wealth;
    std::vector<Word> entries;
};

// The same for an asset of hers, of which only what she has beside as much of the others as the target counts. Here she
// goes on from where the calls led, with the owner at most, and also after a long time: what she has no ledger for may be
// owed to her still, and that is how it is found. Or she leaves some of her calls out, if her entries are the target's then:
// a call that a re-entry undid costs nothing.
[[nodiscard]] std::optional<Word> serial_limit(World& world, Candidates& candidates, const Purse& purse, std::size_t asset,
                                               const Holdings& target, const Plan& plan, const Deadline& deadline);

}  // namespace interlock::analyzer
