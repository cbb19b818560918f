// The explorer: tries schedules of calls in which the attacker acts wherever control reaches her.
//
// First it is exhaustive: depth-first over macro steps (a run of the VM from one choice to the next), going back with
// the state's journal and the machine's snapshots, with bounds that grow, so that a short attack is found first. Then it
// is guided: states between transactions that showed something new (a branch, or an outcome that no serialisation has)
// are kept, and the search goes on from them until the time is up or nothing new appears. Transactions never interleave;
// callbacks nest. The attacker has no bytecode here: at each yield she may return, refuse, or call.
//
// An attack that the search finds is only a *suspect*: it is passed to `confirm`, which writes it out, compiles it and
// replays it on the plain VM.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>

#include "analyzer/devnet/invariants.hpp"
#include "analyzer/explorer/wealth.hpp"
#include "analyzer/verdict.hpp"

namespace interlock::analyzer {

// Where a search starts: a system, and what honest users did before.
struct Root {
    World world;
    Plan prelude;
    // Contracts that should be part of the system and could not be deployed, by identity, each with the reason.
    std::map<std::string, std::string> missing = {};
    bool is_crowded = false;  // others have taken nearly all that a contract gives out
};

// An entry of hers in a ledger that no calls one after the other bring above the limit, and the attack does.
struct Excess {
    Ledger ledger;
    Word limit;
};

// More of an asset than any order of the same calls in which most of them work. She may have less than at the start: what
// the calls cost is spent in those orders, too.
struct Surplus {
    std::size_t asset = 0;  // of the purse
    Word most;              // that any of those orders leaves her with
};

// An attack that the search found.
struct SuspectedAttack {
    Plan plan;
    Wealth gain;                     // by the assets of the purse; zero: no gain
    std::vector<bool> must_be_lost;  // by asset: anybody can have it for nothing, so a gain must be somebody's loss
    bool costs_little = false;       // she has less of other assets, which the gain outweighs
    std::vector<PropertyId> broken;  // invariants
    std::optional<Excess> excess;
    std::optional<Surplus> surplus;
    std::vector<DeployedIndex> victims;  // contracts that were re-entered, then those that waited
    [[nodiscard]] bool is_reentrant() const { return reentries(plan) != 0; }
    [[nodiscard]] bool has_gain() const;
    // Whether it gives her what she should not have.
    [[nodiscard]] bool is_theft() const { return has_gain() || excess || surplus; }
};

// What a view says before a transaction, while a contract waits for a call in it, and afterwards.
struct ViewReading {
    DeployedIndex contract{};
    std::uint32_t function = 0;
    std::string caller;  // the contract that waits
    std::string before, during, after;
};

// Something that is no attack by re-entry, but worth a warning (explorer/remarks.hpp).
struct Remark {
    enum class Kind : std::uint8_t { Access, Order, View, Unserial };
    Kind kind{};
    Plan plan;
    Word gain;  // wei
    std::optional<ViewReading> view;
};

struct ExplorerHooks {
    // Replays a suspect in the root's system and returns whether it was confirmed. Properties of a confirmed attack are
    // not searched for any more.
    std::function<bool(Root&, const Purse&, const SuspectedAttack&)> confirm;
    // Whether an attack on the property is still wanted. Empty: always.
    std::function<bool(const PropertyId&)> is_open;
    bool is_theft_open = true;
    std::set<ArtifactIndex> off_limits = {};  // contracts that nobody calls in this search
    // Returns the root's system with her second contract in it. Empty: what takes two parties is not searched for.
    std::function<std::optional<Root>(const Root&)> collude;
    // Takes what the searches remarked, at the end of each. It may be empty.
    std::function<void(Root&, const Remark&)> remark;
    // Called from time to time. It may be empty.
    std::function<void(const SearchStats&)> progress;
    Deadline deadline;
};

// Searches from all roots until every invariant and theft has a confirmed attack, or until the bounds, a limit or the
// deadline are reached. Leaves the worlds as they were, but for the attacker, who is in place then. An invariant that is
// false from the start is a suspect with an empty plan.
[[nodiscard]] SearchStats explore(std::vector<Root>& roots, const SearchBounds& bounds, const ExplorerHooks& hooks);

// Returns whether the plan, performed in a fresh copy of the system, does the same harm as the suspect's: it leaves the
// attacker with at least the gain, and breaks the invariants. If the suspect re-enters, no serialisation does as much.
[[nodiscard]] bool still_harms(const World& system, const Purse& purse, const Plan& plan, const SuspectedAttack& suspect,
                               const Deadline& deadline);

}  // namespace interlock::analyzer
