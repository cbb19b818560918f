// Directions: of all that strangers do while an entry waits in its calls, what might as well have come before the entry, and
// what might as well come after it.
#pragma once

#include <optional>

#include "analyzer/prover/visitors.hpp"

namespace interlock::analyzer::prover {

struct Guest {
    Visitor visitor;
    Fit later = Fit::Yes, earlier = Fit::Yes;
};

// A call at which strangers come in, and the indices of those that may follow it.
struct Stop {
    std::vector<Visitor> visitors;
    std::vector<Guest> guests;
    std::vector<Guest> asked;  // views
    std::set<std::uint32_t> following;
    std::set<Area> lost;                                 // places that the entry overwrites before anybody looks at them
    Footprint dropped;                                   // of visitors that only leave what is lost: views may still tell it
    bool moves_tokens = false, tells_receivers = false;  // the entry does, before or behind it
};

// Whether all that the call does is to move tokens, and they have moved when strangers come in, since whoever gets them is
// called afterwards; or have not yet, since whoever sends them is called before.
[[nodiscard]] bool has_moved_tokens(const CallSite& site);
[[nodiscard]] bool will_move_tokens(const CallSite& site);

// Compares a visitor with what the entry still does behind the call, and with what it did before and in the call.
// `all`: who else may come during the call, and during those behind it.
[[nodiscard]] Guest guest_at(const Visitor& visitor, const CallSite& site, const std::vector<Visitor>& all = {});

// Takes the visitors out that only leave what the entry overwrites unseen.
void drop_what_is_lost(const std::vector<CallSite>& sites, std::vector<Stop>& stops);

// Returns how surely each guest can be moved out of its entry; nothing if some have to come past each other and cannot.
[[nodiscard]] std::optional<Fit> directions_of(const std::vector<Stop>& stops);

// Whether tokens that a guest moves may come to be moved before or behind others.
// Whether an entry and what may be entered during it get numbers of the same counter.
[[nodiscard]] bool numbers_change_places(const std::vector<CallSite>& sites, const std::vector<Stop>& stops);
// Whether an entry and what may be entered during it write at a place that only views read.
[[nodiscard]] bool records_change_places(const std::vector<CallSite>& sites, const std::vector<Stop>& stops);
// Whether an entry and what may be entered during it put things at the end of the same list.
[[nodiscard]] bool lists_change_places(const std::vector<CallSite>& sites, const std::vector<Stop>& stops);
// Whether one takes all that a place holds, and the other credits something there.
[[nodiscard]] bool takings_change_places(const std::vector<CallSite>& sites, const std::vector<Stop>& stops);
// Whether what may be entered takes from where the entry lent something.
[[nodiscard]] bool loans_are_used(const std::vector<CallSite>& sites, const std::vector<Stop>& stops);
[[nodiscard]] bool tokens_change_places(const std::vector<Stop>& stops);
// The same of who is told of tokens.
[[nodiscard]] bool receivers_change_places(const std::vector<Stop>& stops);

// Whether the two look at what strangers change outside meanwhile, so that the second one cannot come first.
[[nodiscard]] bool both_look_outside(const Footprint& first, const Footprint& second);
[[nodiscard]] bool asks_others(const Footprint& footprint);
[[nodiscard]] bool asks_for_tokens(const Footprint& footprint);  // how many somebody has
[[nodiscard]] bool acts_on_others(const Footprint& footprint);   // more than by moving tokens
[[nodiscard]] bool asks_owners(const Footprint& footprint);

}  // namespace interlock::analyzer::prover
