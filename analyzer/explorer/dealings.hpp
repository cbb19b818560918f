// Dealings: what somebody honest does with her in a plan, of his own accord. What comes of it proves nothing: she has it without
// re-entry, too, or might have.
#pragma once

#include "analyzer/devnet/world.hpp"
#include "analyzer/explorer/plan.hpp"
#include "analyzer/explorer/wealth.hpp"

namespace interlock::analyzer {

// Whether somebody honest simply sends a contract tokens or ether on the way, which it may leave to whoever asks first. Where
// calls of hers work in no order, for their numbers perhaps, what she gets of that proves nothing.
[[nodiscard]] bool has_donation(const World& world, const Plan& plan);

// Whether somebody honest sends a contract tokens for nothing, once the system is in use: of the sources, or of those that are
// there only since something takes some, and that everybody sent wherever they are needed before.
[[nodiscard]] bool has_gift_of_tokens(const World& world, const Plan& plan, bool is_of_sources);

// Whether she sends ether or tokens alone while a contract waits: who compares its balances may take that for a payment, which
// it is no more where she sends it before or behind.
[[nodiscard]] bool pays_in_a_callback(const World& world, const Plan& plan);

// Whether somebody honest names her as the one with whom he deals, and she answers him with a number. He has to believe her:
// she may say that she used what she kept, whether she calls back or not.
[[nodiscard]] bool believes_her(const World& world, const Plan& plan);

// Whether whoever set the system up named her, and she answers a question of his that says nothing else, as for a price, now
// with one number and then with another. Who lets her play that part loses as much without re-entry, whatever she says.
[[nodiscard]] bool changes_her_answer(const World& world, const Plan& plan);

// Whether the owner gives one part to one of her accounts, and another part to another one, who would be one party then.
[[nodiscard]] bool plays_two_parts(const World& world, const Plan& plan);

// Whether some user, in calls that pay her ether, says that whom he names is to have as much, and that is her. The
// owner may be a user, too.
[[nodiscard]] bool lets_her_have_it(const World& world, const Plan& plan, const Wealth& gain, bool is_owner_one);

// Whether she calls back only while somebody honest pays whom he names, which is her, and has no more of it than is paid so:
// he asked for little in return. Of tokens, that is as much as he says where he names her as the one with whom he deals, to
// whom they go; `lost` is what all honest people have less of.
[[nodiscard]] bool keeps_what_he_paid(const World& world, const Plan& plan, const Wealth& gain, const Wealth& lost);

}  // namespace interlock::analyzer
