#include "chain/sim/refinement.hpp"

#include <numeric>

namespace interlock::chain::sim {

using consensus::Ghost, consensus::NodeId;

// --- what votes weigh ---

std::uint64_t Refinement::weight(Instance instance, NodeId node) const {
    const auto council = councils_.find(instance);
    return council == councils_.end() ? 1 : council->second.at(node);
}

bool Refinement::is_quorum(Instance instance, std::uint64_t honest) const {
    std::uint64_t sum = honest;
    for (const NodeId liar : liars_) sum += weight(instance, liar);
    const auto council = councils_.find(instance);
    if (council == councils_.end()) return sum >= rule_.quorum;
    const std::uint64_t all = std::accumulate(council->second.begin(), council->second.end(), std::uint64_t{0});
    return sum > (rule_.has_prepare ? 2 * all / 3 : all / 2);
}

std::optional<std::string> Refinement::is_told_council(NodeId node, const Ghost& ghost) {
    const auto [known, is_new] = councils_.try_emplace(ghost.instance, *ghost.weights);
    if (is_new || known->second == *ghost.weights) return std::nullopt;
    return "node " + std::to_string(node) + " knows another council of " + std::to_string(ghost.instance) + " than others";
}

// --- what is safe ---

Refinement::Ballot Refinement::highest(Instance instance, NodeId node) const {
    Ballot ballot = -1;
    for (const Instance each : {instance, Ghost::every_instance})
        if (const auto found = ballots_.find({each, node}); found != ballots_.end())
            ballot = std::max(ballot, found->second);
    return ballot;
}

// What those weigh who have voted for the value in a ballot, or cannot vote in it any more.
std::uint64_t Refinement::bound_to(Instance instance, const Voters& voters, Ballot ballot, const Hash& value) const {
    std::uint64_t bound = 0;
    for (NodeId node = 0; node < nodes_; ++node) {
        if (liars_.contains(node)) continue;
        bool has_voted = false, agrees = false;
        for (const auto& [voted, nodes] : voters)
            if (nodes.contains(node)) {
                has_voted = true;
                agrees |= voted == value;
            }
        if (agrees || (!has_voted && highest(instance, node) > ballot)) bound += weight(instance, node);
    }
    return bound;
}

// Ballots in which nobody has voted need to be looked at once: who cannot vote in the last cannot vote in one before.
bool Refinement::is_found_safe(Instance instance, Ballot ballot, const Hash& value) const {
    const auto found = voted_.find(instance);
    const Votes& votes = found == voted_.end() ? Votes{} : found->second;
    if (ballot > 0 && !votes.contains(ballot - 1) && !is_quorum(instance, bound_to(instance, {}, ballot - 1, value)))
        return false;
    for (auto at = votes.begin(); at != votes.end() && at->first < ballot; ++at)
        if (!is_quorum(instance, bound_to(instance, at->second, at->first, value))) return false;
    return true;
}

std::optional<std::string> Refinement::step(NodeId node, const Ghost& ghost) {
    if (ghost.kind == Ghost::Council) return is_told_council(node, ghost);
    const auto ballot = static_cast<Ballot>(ghost.ballot);
    const Instance scope = rule_.is_by_instance ? ghost.instance : Ghost::every_instance;
    Ballot& taken_part = ballots_.try_emplace({scope, node}, -1).first->second;
    taken_part = std::max(taken_part, ballot);
    if (ghost.kind == Ghost::Promise) return std::nullopt;
    const std::string where = " in ballot " + std::to_string(ballot) + " of " + std::to_string(ghost.instance);
    const std::string who = "node " + std::to_string(node);
    const bool prepares = rule_.has_prepare && ghost.phase == 0;
    if ((prepares || !rule_.has_prepare) && !is_safe(ghost.instance, ballot, ghost.value))
        return who + " votes for a value that is not safe" + where;
    if (prepares) {
        prepared_[ghost.instance][ballot][ghost.value].insert(node);
        return std::nullopt;
    }
    std::uint64_t prepared = 0;
    for (const NodeId each : prepared_[ghost.instance][ballot][ghost.value]) prepared += weight(ghost.instance, each);
    if (rule_.has_prepare && !is_quorum(ghost.instance, prepared))
        return who + " commits what no quorum has prepared" + where;
    Voters& voters = voted_[ghost.instance][ballot];
    voters[ghost.value].insert(node);
    if (voters.size() > 1) return "there are votes for two values" + where;
    return std::nullopt;
}

}  // namespace interlock::chain::sim
