// Numbers that a loop counts up from what a counter held before it, while each round raises the counter:
//
//     supply = n;                                     n: the counter, as of tokens that were made
//     for (i = 1; i <= quantity; ++i) {
//         require(ownerOf[supply + i] == 0);
//         n = n + 1;
//         ownerOf[supply + i] = to;                   somebody, whom nobody takes out again
//         to.onERC721Received(…);
//     }
//
// If all numbers up to the counter are somebody's, a round whose number is not the counter's next one finds it taken, and undoes
// everything. So in all runs that end well
// - the number of a round is the counter's next one, and
// - nobody raises the counter in the middle of a round behind which another one comes.
#pragma once

#include <optional>
#include <vector>

#include "analyzer/deadline.hpp"
#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

// Returns the contract with both written out: the number is computed of the counter, the last round is a copy of its own, and
// during the others a lock forbids to raise the counter. Nothing if there are none. `runs_elsewhere`: its code is run by a proxy.
// Throws NotCovered and OutOfTime.
[[nodiscard]] std::optional<lang::ir::Contract> with_counted_numbers(const std::vector<const lang::ir::Contract*>& contracts,
                                                                     std::size_t subject, const Deadline& deadline,
                                                                     bool runs_elsewhere);

}  // namespace interlock::analyzer::prover
