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
// Liars may have said anything: a quorum is one where its honest members make it one with them.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "chain/consensus/engines.hpp"

namespace interlock::chain::sim {

class Refinement {
  public:
    // `liars`: how many nodes lie, of whom nothing is heard here.
    Refinement(const consensus::VotingRule& rule, std::uint32_t nodes, std::uint32_t liars)
        : rule_(rule), liars_(liars), ballots_(nodes, -1) {}

    // Takes one step; returns what is wrong with it.
    [[nodiscard]] std::optional<std::string> step(consensus::NodeId node, const consensus::Ghost& ghost);

  private:
    using Ballot = std::int64_t;
    using Voters = std::map<Hash, std::set<consensus::NodeId>>;  // by value
    using Votes = std::map<Ballot, Voters>;

    [[nodiscard]] bool is_quorum(std::size_t honest) const { return honest + liars_ >= rule_.quorum; }
    [[nodiscard]] bool is_safe(const Votes& votes, Ballot ballot, const Hash& value) const;
    [[nodiscard]] std::size_t bound_to(const Voters& voters, Ballot ballot, const Hash& value) const;

    consensus::VotingRule rule_;
    std::uint32_t liars_;
    std::vector<Ballot> ballots_;  // the highest in which each node has taken part
    std::map<std::uint64_t, Votes> prepared_, voted_;
};

}  // namespace interlock::chain::sim
