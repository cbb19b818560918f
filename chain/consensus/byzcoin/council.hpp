// Who votes on a block, and how much: one share for each of the last key blocks that a node has found.
//
// The council of a height follows from the decided blocks below it, so that all nodes come to the same one. A key block
// brings its finder a share and takes the oldest share away. Before there are enough key blocks, shares follow the power.
#pragma once

#include <deque>
#include <span>
#include <vector>

#include "chain/consensus/engine.hpp"
#include "chain/consensus/pbft/certificate.hpp"

namespace interlock::chain::consensus::byzcoin {

// That a node has worked for a share: a hash with enough leading zeros, of itself and the key block before.
struct Election {
    Hash key;  // the last key block, or the genesis
    NodeId winner = 0;
    std::uint64_t nonce = 0;

    [[nodiscard]] Hash hash() const;
    [[nodiscard]] bool has_proof(std::uint32_t bits) const;
    [[nodiscard]] static Election won(const Hash& key, NodeId winner, std::uint32_t bits, Random& random);

    // What the extra data of a key block holds, and nothing of any other block.
    [[nodiscard]] Bytes encode() const;
    [[nodiscard]] static std::optional<Election> of(const Header& header, const Hash& key);
};

[[nodiscard]] inline bool is_key_block(const SealedBlock& block) { return !block.header.extra_data.empty(); }

class Council {
  public:
    Council() = default;
    // `shares` among nodes by their power; an empty power: all have the same.
    Council(std::uint32_t nodes, std::span<const std::uint32_t> power, std::uint32_t shares);

    [[nodiscard]] static Council of_members(const std::vector<std::uint32_t>& weights);

    void elect(NodeId winner);          // takes the oldest share away
    void begin_with(NodeId preferred);  // who leads in view 0, if it has a share

    [[nodiscard]] std::uint32_t weight(NodeId node) const { return node < weights_.size() ? weights_[node] : 0; }
    [[nodiscard]] const std::vector<std::uint32_t>& weights() const { return weights_; }
    // Of three shares more than two: any two quorums share an honest one where less than a third lie.
    [[nodiscard]] std::uint32_t quorum() const { return 2 * static_cast<std::uint32_t>(shares_.size()) / 3 + 1; }
    [[nodiscard]] std::uint32_t most_faulty() const { return (static_cast<std::uint32_t>(shares_.size()) - 1) / 3; }
    [[nodiscard]] NodeId leader(std::uint64_t view) const { return order_[view % order_.size()]; }
    // What the nodes weigh whose votes are in a certificate, each once and if it signed.
    [[nodiscard]] std::uint32_t weight_behind(Env& env, const pbft::Certificate& certificate) const;

  private:
    std::deque<NodeId> shares_;  // the oldest first
    std::vector<std::uint32_t> weights_;
    std::vector<NodeId> order_;  // of leaders: whose shares are the newest first
};

}  // namespace interlock::chain::consensus::byzcoin
