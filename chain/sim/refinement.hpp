// Lamport's Voting, checked against every vote of a run: an engine that decides by votes must refine it step by step.
//
// The engine says what it does through `Env::ghost`. For PBFT the mapping is that of Castro and Liskov's algorithm to BPCon
// (Lamport, Byzantizing Paxos by Refinement, section 7): a view change is 1b, a prepare 2av, a commit 2b. For MultiPaxos a
// promise is 1b and an acceptance 2b. What is checked:
//
//     2av and, where there is none, 2b    the value is safe at the ballot: at every smaller one some quorum has voted for
//                                         it, or can vote for nothing any more
//     2b behind 2av                       a quorum has sent 2av for the same value in the same ballot
//     2b                                  in one ballot all are for one value
//
// Liars may have said anything: a quorum is one where its honest members make it one with them. Votes weigh one each, or
// what the council of their instance says, on which honest nodes must agree.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "chain/consensus/engines.hpp"

namespace interlock::chain::sim {

class Refinement {
  public:
    // `liars`: nodes of whom nothing is heard here.
    Refinement(const consensus::VotingRule& rule, std::uint32_t nodes, std::set<consensus::NodeId> liars)
        : rule_(rule), nodes_(nodes), liars_(std::move(liars)) {}

    // Takes one step; returns what is wrong with it.
    [[nodiscard]] std::optional<std::string> step(consensus::NodeId node, const consensus::Ghost& ghost);

  private:
    using Ballot = std::int64_t;
    using Instance = std::uint64_t;
    using Voters = std::map<Hash, std::set<consensus::NodeId>>;  // by value
    using Votes = std::map<Ballot, Voters>;

    [[nodiscard]] std::optional<std::string> is_told_council(consensus::NodeId node, const consensus::Ghost& ghost);
    [[nodiscard]] std::uint64_t weight(Instance instance, consensus::NodeId node) const;
    [[nodiscard]] bool is_quorum(Instance instance, std::uint64_t honest) const;
    // What was found safe stays so, as in Voting, and is not looked at for every node's vote again.
    [[nodiscard]] bool is_safe(Instance instance, Ballot ballot, const Hash& value) {
        const std::tuple vote(instance, ballot, value);
        if (safe_.contains(vote)) return true;
        if (!is_found_safe(instance, ballot, value)) return false;
        return safe_.insert(vote).second;
    }
    [[nodiscard]] bool is_found_safe(Instance instance, Ballot ballot, const Hash& value) const;
    [[nodiscard]] std::uint64_t bound_to(Instance instance, const Voters& voters, Ballot ballot, const Hash& value) const;
    [[nodiscard]] Ballot highest(Instance instance, consensus::NodeId node) const;

    consensus::VotingRule rule_;
    std::uint32_t nodes_;
    std::set<consensus::NodeId> liars_;
    // The highest ballot in which each node has taken part, in an instance or in any.
    std::map<std::pair<Instance, consensus::NodeId>, Ballot> ballots_;
    std::map<Instance, Votes> prepared_, voted_;
    std::set<std::tuple<Instance, Ballot, Hash>> safe_;
    std::map<Instance, std::vector<std::uint32_t>> councils_;
};

}  // namespace interlock::chain::sim
