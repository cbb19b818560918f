// What must hold after every step of a run. Each check looks at what the step changed, and at nothing else.
//
//     agreement     no two nodes have different final blocks at one height, and none takes one back
//     validity      final blocks obey the rules and hold transactions that a client sent, each once
//     roots         whoever executes a block comes to the same state
//     ether         behind every block there is as much as at the beginning, with rewards, less what was burnt
//     promises      nobody votes twice in a ballot, or below one that it promised, also over a restart
//     refinement    every vote is a step of Voting (refinement.hpp)
//     durability    whoever is restarted still knows what was final
//     conservation  a block that somebody made is known to a node, or a message about it is under way
//     quiescence    where no message about a block is under way, all heads are the same
//
// Liars are not held to anything. The last two are for runs in which nothing is lost.
#pragma once

#include <set>
#include <unordered_set>

#include "chain/consensus/ledger.hpp"
#include "chain/sim/outcome.hpp"
#include "chain/sim/refinement.hpp"

namespace interlock::chain::sim {

class Invariants {
  public:
    struct Scope {
        std::uint32_t nodes = 0;
        consensus::Finality finality = consensus::Finality::Irrevocable;
        consensus::VotingRule voting;  // quorum 0: it does not decide by votes
        std::set<NodeId> liars;
        bool is_lossless = false;  // check conservation and quiescence
        bool is_direct = false;    // conservation for each receiver: whoever makes a block sends it to everybody
    };
    Invariants(const Scope& scope, Outcome& outcome) : scope_(scope), outcome_(outcome), known_by_(scope.nodes) {
        if (scope.voting.quorum > 0) refinement_.emplace(scope.voting, scope.nodes, scope.liars);
    }

    void submitted(const Hash& transaction) { submitted_.insert(transaction); }
    void executed(const consensus::BlockRef& block, const consensus::Executed& executed);
    void counted(const consensus::BlockRef& block, const Word& ether, const Word& supply);
    void voted(NodeId node, const consensus::Ghost& ghost);
    void restarted(NodeId node, const consensus::BlockRef& before, const consensus::BlockRef& after);

    // A node's final block has changed. `became_final` is called for each block that is the first at its height.
    template <class F>
    void finalised(NodeId node, const consensus::Engine& engine, const consensus::BlockRef& before, F became_final) {
        std::vector<consensus::BlockRef> fresh;
        consensus::BlockRef at = engine.finalised();
        for (; at && at->height() > before->height(); at = engine.find(at->parent())) fresh.push_back(at);
        if (!at || at->hash != before->hash) revoked(node, *before);
        for (; !fresh.empty(); fresh.pop_back())
            if (is_first_at_height(node, *fresh.back())) became_final(fresh.back());
    }

    // Blocks on their way, for conservation and quiescence.
    void sent(NodeId to, const Hash& block);
    void arrived(NodeId to, const Hash& block);  // after the receiver has dealt with it
    void learnt(NodeId node, const Hash& block);
    void head_moved(NodeId node, const Hash& head);
    void step_ended();

    void broken(std::string_view rule, std::string text);

  private:
    [[nodiscard]] bool is_first_at_height(NodeId node, const consensus::SealedBlock& block);
    void revoked(NodeId node, const consensus::SealedBlock& block);
    void check_conservation(const Hash& block);

    struct Travel {
        std::uint32_t under_way = 0, knowers = 0;
        std::vector<std::uint32_t> under_way_to;  // by node; empty unless the scope is direct
    };
    using Ballot = std::tuple<NodeId, std::uint32_t, std::uint64_t, std::uint64_t>;

    Scope scope_;
    Outcome& outcome_;
    std::unordered_set<Hash> submitted_, final_transactions_;
    std::unordered_map<Hash, Hash> roots_;
    std::vector<Hash> final_chain_;  // by height; the first node's
    std::optional<Refinement> refinement_;
    std::map<Ballot, Hash> votes_;
    std::map<std::pair<NodeId, std::uint64_t>, std::uint64_t> promises_;
    std::unordered_map<Hash, Travel> travels_;
    std::vector<std::unordered_set<Hash>> known_by_;
    std::uint64_t under_way_ = 0;
    std::vector<Hash> heads_, touched_;
    std::unordered_map<Hash, std::uint32_t> head_counts_;
};

}  // namespace interlock::chain::sim
