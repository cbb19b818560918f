// The explorer: tries every schedule of calls within bounds, in which the attacker acts wherever control reaches her.
//
// It searches depth-first over macro steps (a run of the VM from one choice to the next) and goes back with the state's
// journal and the machine's snapshots. The bound on the number of calls grows step by step, so that the shortest attack
// is found first. Transactions never interleave; callbacks nest. The attacker has no bytecode here: at each yield she
// may return, or call any public function of any contract with candidate arguments. An attack that the search finds is
// only a *suspect*: it is passed to `confirm`, which writes it out, compiles it and replays it on the plain VM.
#pragma once

#include <functional>
#include <set>

#include "analyzer/devnet/invariants.hpp"
#include "analyzer/verdict.hpp"

namespace interlock::analyzer {

// An attack that the search found.
struct SuspectedAttack {
    Plan plan;
    Word gain;                       // wei; zero: no gain
    std::vector<PropertyId> broken;  // invariants
    [[nodiscard]] bool is_reentrant() const { return reentries(plan) != 0; }
};

struct ExplorerHooks {
    // Replays a suspect and returns whether it was confirmed. Properties of a confirmed attack are not searched for any
    // more.
    std::function<bool(const SuspectedAttack&)> confirm;
    // Called from time to time. It may be empty.
    std::function<void(const SearchStats&)> progress;
    Deadline deadline;
};

// Searches until every invariant and theft has a confirmed attack, or until the bounds, a limit or the deadline are
// reached. Leaves the world unchanged. An invariant that is false from the start is a suspect with an empty plan.
[[nodiscard]] SearchStats explore(World& world, const SearchBounds& bounds, const ExplorerHooks& hooks);

}  // namespace interlock::analyzer
