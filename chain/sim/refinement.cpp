#include "chain/sim/refinement.hpp"

namespace interlock::chain::sim {

using consensus::Ghost, consensus::NodeId;

// How many have voted for the value in a ballot, or cannot vote in it any more.
std::size_t Refinement::bound_to(const Voters& voters, Ballot ballot, const Hash& value) const {
    std::size_t bound = 0;
    for (NodeId node = 0; node < ballots_.size(); ++node) {
        bool has_voted = false, agrees = false;
        for (const auto& [voted, nodes] : voters)
            if (nodes.contains(node)) {
                has_voted = true;
                agrees |= voted == value;
            }
        bound += agrees || (!has_voted && ballots_[node] > ballot);
    }
    return bound;
}

// Ballots in which nobody has voted need to be looked at once: who cannot vote in the last cannot vote in one before.
bool Refinement::is_safe(const Votes& votes, Ballot ballot, const Hash& value) const {
    if (ballot > 0 && !votes.contains(ballot - 1) && !is_quorum(bound_to({}, ballot - 1, value))) return false;
    for (auto at = votes.begin(); at != votes.end() && at->first < ballot; ++at)
        if (!is_quorum(bound_to(at->second, at->first, value))) return false;
    return true;
}

std::optional<std::string> Refinement::step(NodeId node, const Ghost& ghost) {
    const auto ballot = static_cast<Ballot>(ghost.ballot);
    ballots_[node] = std::max(ballots_[node], ballot);
    if (ghost.kind == Ghost::Promise) return std::nullopt;
    const std::string where = " in ballot " + std::to_string(ballot) + " of " + std::to_string(ghost.instance);
    const std::string who = "node " + std::to_string(node);
    Votes& votes = voted_[ghost.instance];
    const bool prepares = rule_.has_prepare && ghost.phase == 0;
    if ((prepares || !rule_.has_prepare) && !is_safe(votes, ballot, ghost.value))
        return who + " votes for a value that is not safe" + where;
    if (prepares) {
        prepared_[ghost.instance][ballot][ghost.value].insert(node);
        return std::nullopt;
    }
    if (rule_.has_prepare && !is_quorum(prepared_[ghost.instance][ballot][ghost.value].size()))
        return who + " commits what no quorum has prepared" + where;
    Voters& voters = votes[ballot];
    voters[ghost.value].insert(node);
    if (voters.size() > 1) return "there are votes for two values" + where;
    return std::nullopt;
}

}  // namespace interlock::chain::sim
