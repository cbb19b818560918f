// The explorer: every schedule of calls within bounds, the attacker acting wherever control reaches her.
//
// Depth-first over macro steps (a run of the VM from one choice to the next), going back by the state's journal and the
// machine's snapshots; iterative bounds on the number of calls, so that the shortest attack is found first. Transactions
// never interleave; callbacks nest. The attacker is no bytecode here: at each yield she may return, or call any public
// function of any contract with candidate arguments. What the search believes to be an attack is only a *suspect*: it
// is handed to `confirm`, which writes it out, compiles it and replays it on the plain VM.
#pragma once

#include <functional>
#include <set>

#include "analyzer/devnet/invariants.hpp"
#include "analyzer/verdict.hpp"

namespace interlock::analyzer {

// An attack that the search saw.
struct SuspectedAttack {
    Plan plan;
    Word gain;                       // wei; zero: none
    std::vector<PropertyId> broken;  // invariants
    [[nodiscard]] bool is_reentrant() const { return reentries(plan) != 0; }
};

struct ExplorerHooks {
    // Replays a suspect; true when it was confirmed (then the same properties are not looked for any more).
    std::function<bool(const SuspectedAttack&)> confirm;
    // Called now and then. May be empty.
    std::function<void(const SearchStats&)> progress;
    Deadline deadline;
};

// Searches until every invariant and theft has a confirmed attack, or the bounds, a limit or the deadline are reached. The
// world is left as it was. An invariant that is false from the start is a suspect whose plan is empty.
[[nodiscard]] SearchStats explore(World& world, const SearchBounds& bounds, const ExplorerHooks& hooks);

}  // namespace interlock::analyzer
