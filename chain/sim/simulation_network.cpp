// How a simulation's messages travel.

#include "chain/sim/simulation_node.hpp"

namespace interlock::chain::sim {

using consensus::Message, consensus::MessageRef;

namespace {

bool cuts(const Fault& fault, NodeId from, NodeId to) {
    const auto goes = [](const std::vector<NodeId>& a, NodeId x, const std::vector<NodeId>& b, NodeId y) {
        return std::ranges::count(a, x) && std::ranges::count(b, y);
    };
    return goes(fault.nodes, from, fault.others, to) || (!fault.is_one_way && goes(fault.others, from, fault.nodes, to));
}

}  // namespace

MessageRef Simulation::corrupted(const Message& message) {
    Bytes bytes(message.bytes().begin(), message.bytes().end());
    const std::uint64_t bit = random_.below(8 * bytes.size());
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    ++outcome_.corrupted;
    return std::make_shared<const Message>(std::move(bytes));
}

void Simulation::transmit(Node& from, NodeId to, MessageRef message) {
    const std::uint32_t kind = consensus::kind_of(*message);
    if (kind >= outcome_.messages.size()) {
        outcome_.messages.resize(kind + 1);
        outcome_.message_bytes.resize(kind + 1);
    }
    ++outcome_.messages[kind];
    outcome_.message_bytes[kind] += message->size();
    if (corrupt_ > 0 && random_.chance(static_cast<std::uint32_t>(corrupt_))) message = corrupted(*message);
    const std::int64_t duplicate = duplicate_ + options_.network.duplicate;
    if (duplicate > 0 && random_.chance(static_cast<std::uint32_t>(duplicate))) {
        ++outcome_.duplicated;
        send_once(from, to, message);
    }
    send_once(from, to, message);
}

void Simulation::send_once(Node& from, NodeId to, const MessageRef& message) {
    const std::optional<Nanoseconds> time = arrival(from, to, message->size());
    if (options_.record > 0) {
        const std::uint32_t kind = consensus::kind_of(*message);
        if (++recorded_kinds_[kind] <= options_.record)
            recorded_.push_back({now_, time.value_or(forever), from.id(), to, kind});
    }
    if (!time) return void(++outcome_.lost);
    if (const std::optional<Hash> block = block_in(*message)) {
        ++blocks_under_way_;
        invariants_->sent(to, *block);
    }
    queue_.push(*time,
                {options_.network.receiving.kind == Latency::Fixed && options_.network.receiving.least == 0 ? Event::Deliver
                                                                                                            : Event::Arrive,
                 to,
                 from.id(),
                 0,
                 {},
                 message});
}

// When a message that is sent now arrives; std::nullopt: never.
std::optional<Nanoseconds> Simulation::arrival(Node& from, NodeId to, std::size_t bytes) {
    const NetworkOptions& network = options_.network;
    const std::int64_t drop = drop_ + network.drop;
    if (drop > 0 && random_.chance(static_cast<std::uint32_t>(drop))) return std::nullopt;
    Nanoseconds leaves = now_;
    if (network.sending.kind != Latency::Fixed || network.sending.least != 0)
        leaves = from.processor_free = std::max(leaves, from.processor_free) + network.sending.draw(random_);
    if (network.bandwidth != 0) {
        const auto takes =
            static_cast<Nanoseconds>(consensus::Product(bytes) * static_cast<std::uint64_t>(second) / network.bandwidth);
        leaves = from.uplink_free = std::max(leaves, from.uplink_free) + takes;
    }
    Nanoseconds time = leaves + network.latency.draw(random_) + delay_;
    if (network.stable_from > 0) {
        if (now_ < network.stable_from) time += random_.between(0, 2 * (network.stable_from - now_));
        time = std::min(time, std::max(now_, network.stable_from) + network.bound);
    }
    for (const Fault* cut : cuts_) {
        if (!cuts(*cut, from.id(), to)) continue;
        if (cut->kind == Fault::Partition || cut->until == forever) return std::nullopt;
        time = std::max(time, cut->until);
    }
    if (network.is_ordered) {
        Nanoseconds& last = last_arrival_[{from.id(), to}];
        time = last = std::max(time, last);
    }
    return time;
}

}  // namespace interlock::chain::sim
