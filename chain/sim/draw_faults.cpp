// Faults from a seed: as many as an engine must survive, and not more.

#include <algorithm>

#include "chain/sim/faults.hpp"

namespace interlock::chain::sim {

namespace {

// A part of the time before `end`, in whole milliseconds, so that scripts are short.
void draw_times(Fault& fault, Nanoseconds end, Random& random) {
    const Nanoseconds most = end / millisecond;
    const Nanoseconds a = random.between(0, most - 1), b = random.between(0, most - 1);
    fault.from = std::min(a, b) * millisecond;
    fault.until = (std::max(a, b) + 1) * millisecond;
}

std::vector<NodeId> shuffled(std::uint32_t nodes, Random& random) {
    std::vector<NodeId> order(nodes);
    for (NodeId node = 0; node < nodes; ++node) order[node] = node;
    for (std::uint32_t i = nodes; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
    return order;
}

Fault draw_partition(std::uint32_t nodes, Random& random) {
    Fault fault;
    fault.kind = random.below(2) == 0 ? Fault::Partition : Fault::Clog;
    fault.is_one_way = random.below(3) == 0;
    const std::vector<NodeId> order = shuffled(nodes, random);
    const auto cut = static_cast<std::ptrdiff_t>(1 + random.below(nodes - 1));
    fault.nodes.assign(order.begin(), order.begin() + cut);
    fault.others.assign(order.begin() + cut, order.end());
    return fault;
}

Fault draw_weather(Random& random) {
    Fault fault;
    fault.kind = static_cast<Fault::Kind>(Fault::Drop + random.below(4));
    if (fault.kind == Fault::Delay) fault.amount = random.between(1, 400) * millisecond;
    else fault.amount = random.between(1, 20) * 10'000;
    return fault;
}

Fault draw_clock(NodeId node, Random& random) {
    Fault fault;
    fault.kind = random.below(2) == 0 ? Fault::Skew : Fault::Drift;
    fault.nodes = {node};
    fault.amount = fault.kind == Fault::Skew ? random.between(-2000, 2000) * millisecond : random.between(1, 100) * 1000;
    return fault;
}

Fault draw_crash(NodeId node, bool may_forget, Random& random) {
    Fault fault;
    fault.kind = random.below(3) == 0 ? Fault::Pause : Fault::Crash;
    fault.nodes = {node};
    if (fault.kind == Fault::Crash) fault.disk = static_cast<Fault::Disk>(random.below(may_forget ? 4 : 3));
    return fault;
}

}  // namespace

std::vector<Fault> draw_faults(const consensus::Tolerance& tolerance, std::uint32_t nodes, Nanoseconds end, Random& random) {
    std::vector<Fault> faults;
    const std::vector<NodeId> order = shuffled(nodes, random);
    const auto liars = static_cast<std::uint32_t>(random.below(tolerance.byzantine + 1));
    for (std::uint32_t i = 0; i < liars; ++i) {
        Fault lie;
        lie.kind = static_cast<Fault::Kind>(Fault::Mute + random.below(Fault::kinds - Fault::Mute));
        lie.nodes = {order[i]};
        faults.push_back(lie);
    }
    for (std::uint32_t i = liars; i < std::max(tolerance.crashes, liars); ++i)
        for (std::uint64_t times = random.below(3); times > 0; --times) {
            faults.push_back(draw_crash(order[i], tolerance.may_forget, random));
            draw_times(faults.back(), end, random);
        }
    for (std::uint64_t count = random.below(4); count > 0; --count) {
        const std::uint64_t what = random.below(tolerance.is_asynchronous ? 3 : 1);
        faults.push_back(what == 0   ? draw_weather(random)
                         : what == 1 ? draw_partition(nodes, random)
                                     : draw_clock(order[random.below(nodes)], random));
        draw_times(faults.back(), end, random);
    }
    return faults;
}

}  // namespace interlock::chain::sim
