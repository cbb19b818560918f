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

// The same for an asset of hers, of which only what she has beside as much of the others as `target` counts; here she
// goes on from where the calls led, with the owner at most, and also after a long time. What she has no ledger for may be owed to her still: that is how it is found.
[[nodiscard]] std::optional<Word> serial_limit(World& world, Candidates& candidates, const Purse& purse, std::size_t asset,
                                               const Wealth& target, const Plan& plan, const Deadline& deadline);

}  // namespace interlock::analyzer
