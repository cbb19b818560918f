#include "chain/consensus/members.hpp"

#include <numeric>

#include "chain/consensus/message.hpp"

namespace interlock::chain::consensus {

Address members_address() {
    Address address;
    address.bytes[0] = 0x6d;
    address.bytes[19] = 1;
    return address;
}

Bytes members_data(std::span<const NodeId> members) {
    rlp::Encoder out;
    out.open();
    for (const NodeId member : members) out.number(member);
    out.close();
    return out.take();
}

Members::Members(const EngineOptions& options, std::uint32_t nodes, std::uint64_t distance)
    : nodes_(nodes), distance_(distance), steward_(options.steward) {
    std::vector<std::uint32_t>& first = by_height_[0];
    first.assign(nodes, options.members.empty() ? 1 : 0);
    for (const NodeId member : options.members)
        if (member < nodes) first[member] = 1;
}

// A list that names nobody, a node twice or one that there is not changes nothing.
std::optional<std::vector<std::uint32_t>> Members::weights_of(ByteView data) const {
    const rlp::Decoded decoded = rlp::decode(data);
    if (!decoded.ok() || !decoded.item.is_list() || decoded.item.list().empty()) return std::nullopt;
    std::vector<std::uint32_t> weights(nodes_);
    for (const rlp::Item& item : decoded.item.list()) {
        const std::optional<std::uint64_t> node = item.is_list() ? std::nullopt : rlp::as_u64(item);
        if (!node || *node >= nodes_ || weights[*node]++ != 0) return std::nullopt;
    }
    return weights;
}

void Members::append(const SealedBlock& block) {
    decided_ = block.height();
    if (!steward_) return;
    for (const TransactionRef& tx : block.transactions) {
        const Transaction& transaction = tx->transaction;
        if (transaction.sender != *steward_ || transaction.to != members_address()) continue;
        if (std::optional<std::vector<std::uint32_t>> weights = weights_of(transaction.data))
            by_height_[block.height() + distance_] = *std::move(weights);
    }
}

const std::vector<std::uint32_t>& Members::at(std::uint64_t height) const {
    return std::prev(by_height_.upper_bound(height))->second;
}

bool Members::is_majority(std::uint64_t height, std::span<const NodeId> nodes) const {
    const std::vector<std::uint32_t>& weights = at(height);
    std::uint32_t weight = 0;
    for (const NodeId node : nodes) weight += weights.at(node);
    return 2 * weight > std::accumulate(weights.begin(), weights.end(), std::uint32_t{0});
}

}  // namespace interlock::chain::consensus
