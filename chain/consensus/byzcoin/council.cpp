#include "chain/consensus/byzcoin/council.hpp"

#include <algorithm>
#include <set>

#include "vm/keccak.hpp"

namespace interlock::chain::consensus::byzcoin {

// --- elections ---

Hash Election::hash() const {
    rlp::Encoder out;
    out.open().string(key).number(winner).number(nonce).close();
    return vm::keccak256(out.take());
}

bool Election::has_proof(std::uint32_t bits) const { return vm::bit_length(vm::to_word(hash())) + bits <= 256; }

Election Election::won(const Hash& key, NodeId winner, std::uint32_t bits, Random& random) {
    Election election{key, winner, random.next()};
    while (!election.has_proof(bits)) ++election.nonce;
    return election;
}

Bytes Election::encode() const {
    rlp::Encoder out;
    out.open().number(winner).number(nonce).close();
    return out.take();
}

std::optional<Election> Election::of(const Header& header, const Hash& key) {
    const rlp::Decoded decoded = rlp::decode(header.extra_data);
    if (!decoded.ok()) return std::nullopt;
    Fields fields(decoded.item);
    const std::uint64_t winner = fields.number(), nonce = fields.number();
    if (!fields.ok() || !fields.at_end() || winner >= UINT32_MAX) return std::nullopt;
    return Election{key, static_cast<NodeId>(winner), nonce};
}

// --- the council ---

// Each share goes to whoever is the furthest behind what its power entitles it to.
Council::Council(std::uint32_t nodes, std::span<const std::uint32_t> power, std::uint32_t shares) : weights_(nodes) {
    const auto power_of = [&](NodeId node) { return power.empty() ? std::uint64_t{1} : std::uint64_t{power[node]}; };
    for (std::uint32_t share = 0; share < shares; ++share) {
        NodeId next = 0;
        for (NodeId node = 1; node < nodes; ++node)
            if (power_of(node) * (weights_[next] + 1) > power_of(next) * (weights_[node] + 1)) next = node;
        shares_.push_back(next);
        ++weights_[next];
    }
    begin_with(0);
}

Council Council::of_members(const std::vector<std::uint32_t>& weights) {
    Council council;
    council.weights_ = weights;
    for (NodeId node = 0; node < weights.size(); ++node) council.shares_.insert(council.shares_.end(), weights[node], node);
    council.begin_with(0);
    return council;
}

void Council::elect(NodeId winner) {
    --weights_[shares_.front()];
    shares_.pop_front();
    shares_.push_back(winner);
    ++weights_[winner];
}

void Council::begin_with(NodeId preferred) {
    order_.clear();
    for (auto share = shares_.rbegin(); share != shares_.rend(); ++share)
        if (std::ranges::count(order_, *share) == 0) order_.push_back(*share);
    if (const auto found = std::ranges::find(order_, preferred); found != order_.end())
        std::rotate(order_.begin(), found, order_.end());
}

std::uint32_t Council::weight_behind(Env& env, const pbft::Certificate& certificate) const {
    std::set<NodeId> signers;
    std::uint32_t sum = 0;
    const Hash what = pbft::vote_hash(certificate.phase, certificate.view, certificate.height, certificate.block);
    for (const pbft::Vote& vote : certificate.votes) {
        if (weight(vote.signer) == 0 || signers.contains(vote.signer) || !env.verify(vote.signer, what, vote.signature))
            continue;
        signers.insert(vote.signer);
        sum += weight(vote.signer);
    }
    return sum;
}

}  // namespace interlock::chain::consensus::byzcoin
