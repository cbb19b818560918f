#include "chain/sim/invariants.hpp"

namespace interlock::chain::sim {

using consensus::BlockRef, consensus::Executed, consensus::Finality, consensus::Ghost, consensus::SealedBlock;

namespace {

std::string short_name(const Hash& hash) { return vm::to_hex(ByteView(hash).first(4)); }
std::string block_name(const SealedBlock& block) { return std::to_string(block.height()) + ":" + short_name(block.hash); }
std::string node_name(NodeId node) { return "node " + std::to_string(node); }

constexpr std::size_t most_violations = 20;  // that are kept

}  // namespace

void Invariants::broken(std::string_view rule, std::string text) {
    if (outcome_.violations.size() < most_violations)
        outcome_.violations.push_back({rule, std::move(text), outcome_.end, outcome_.events});
}

void Invariants::executed(const BlockRef& block, const Executed& executed) {
    const auto [found, is_new] = roots_.try_emplace(block->hash, executed.state_root);
    if (!is_new && found->second != executed.state_root)
        broken("roots", "two nodes come to different states behind block " + block_name(*block));
}

void Invariants::counted(const BlockRef& block, const Word& ether, const Word& supply) {
    if (ether != supply) broken("ether", "behind block " + block_name(*block) + " the sum of balances is wrong");
}

// --- votes ---

void Invariants::voted(NodeId node, const Ghost& ghost) {
    if (refinement_)
        if (std::optional<std::string> error = refinement_->step(node, ghost)) broken("refinement", *std::move(error));
    if (ghost.kind == Ghost::Council) return;
    const std::uint64_t promised = std::max(promises_[{node, Ghost::every_instance}], promises_[{node, ghost.instance}]);
    if (ghost.ballot < promised)
        broken("promises", node_name(node) + " acts in ballot " + std::to_string(ghost.ballot) + " behind its promise for " +
                               std::to_string(promised));
    if (ghost.kind == Ghost::Promise) promises_[{node, ghost.instance}] = std::max(promised, ghost.ballot);
    if (ghost.kind != Ghost::Vote) return;
    const auto [vote, is_new] = votes_.try_emplace({node, ghost.phase, ghost.instance, ghost.ballot}, ghost.value);
    if (!is_new && vote->second != ghost.value)
        broken("promises", node_name(node) + " votes for " + short_name(vote->second) + " and for " +
                               short_name(ghost.value) + " in ballot " + std::to_string(ghost.ballot) + " of " +
                               std::to_string(ghost.instance));
}

void Invariants::restarted(NodeId node, const BlockRef& before, const BlockRef& after) {
    if (scope_.finality == Finality::Irrevocable && after->height() < before->height())
        broken("durability", node_name(node) + " was at final block " + block_name(*before) + " and comes back with " +
                                 block_name(*after));
}

// --- final blocks ---

bool Invariants::is_first_at_height(NodeId node, const SealedBlock& block) {
    if (final_chain_.size() <= block.height()) final_chain_.resize(block.height() + 1);
    Hash& known = final_chain_[block.height()];
    if (known == block.hash) return false;
    if (known != Hash{}) {
        ++outcome_.revoked;
        if (scope_.finality == Finality::Irrevocable)
            broken("agreement",
                   node_name(node) + " has final block " + block_name(block) + " where another has " + short_name(known));
        return false;
    }
    known = block.hash;
    for (const consensus::TransactionRef& tx : block.transactions) {
        if (!submitted_.contains(tx->hash)) broken("validity", "nobody sent transaction " + short_name(tx->hash));
        if (!final_transactions_.insert(tx->hash).second && scope_.finality == Finality::Irrevocable)
            broken("validity", "transaction " + short_name(tx->hash) + " is in two final blocks");
    }
    return true;
}

void Invariants::revoked(NodeId node, const SealedBlock& block) {
    ++outcome_.revoked;
    if (scope_.finality == Finality::Irrevocable)
        broken("agreement", node_name(node) + " takes final block " + block_name(block) + " back");
}

// --- blocks on their way ---

void Invariants::sent(NodeId to, const Hash& block) {
    if (!scope_.is_lossless) return;
    Travel& travel = travels_[block];
    ++travel.under_way;
    ++under_way_;
    if (scope_.is_direct) {
        travel.under_way_to.resize(scope_.nodes);
        ++travel.under_way_to[to];
    }
}

void Invariants::arrived(NodeId to, const Hash& block) {
    if (!scope_.is_lossless) return;
    Travel& travel = travels_[block];
    --travel.under_way;
    --under_way_;
    if (scope_.is_direct) --travel.under_way_to[to];
    touched_.push_back(block);
}

void Invariants::learnt(NodeId node, const Hash& block) {
    if (!scope_.is_lossless || !known_by_[node].insert(block).second) return;
    ++travels_[block].knowers;
    touched_.push_back(block);
}

void Invariants::head_moved(NodeId node, const Hash& head) {
    if (!scope_.is_lossless) return;
    heads_.resize(scope_.nodes);
    if (const auto old = head_counts_.find(heads_[node]); old != head_counts_.end() && --old->second == 0)
        head_counts_.erase(old);
    ++head_counts_[heads_[node] = head];
}

void Invariants::check_conservation(const Hash& block) {
    const Travel& travel = travels_[block];
    if (travel.knowers == scope_.nodes) return;
    if (travel.under_way == 0)
        return broken("conservation",
                      "block " + short_name(block) + " is not known to all, and no message about it is under way");
    if (!scope_.is_direct) return;
    for (NodeId node = 0; node < scope_.nodes; ++node)
        if (!known_by_[node].contains(block) && travel.under_way_to[node] == 0)
            broken("conservation",
                   "block " + short_name(block) + " is neither known to " + node_name(node) + " nor on its way there");
}

void Invariants::step_ended() {
    if (!scope_.is_lossless || touched_.empty()) return;
    for (const Hash& block : touched_) check_conservation(block);
    touched_.clear();
    if (under_way_ == 0 && head_counts_.size() > 1)
        broken("quiescence", "no block is under way, and there are " + std::to_string(head_counts_.size()) + " heads");
}

}  // namespace interlock::chain::sim
