#include "chain/sim/network.hpp"

#include <algorithm>

namespace interlock::chain::sim {

std::vector<std::vector<NodeId>> topology(std::uint32_t nodes, const NetworkOptions& network, Random& random) {
    const std::uint32_t degree = network.degree;
    std::vector<std::vector<NodeId>> peers(nodes);
    const auto connect = [&](NodeId a, NodeId b) {
        if (a == b || std::ranges::count(peers[a], b)) return;
        peers[a].push_back(b);
        peers[b].push_back(a);
    };
    if (network.is_star) {
        for (NodeId other = 1; other < nodes; ++other) {
            peers[0].push_back(other);
            peers[other].push_back(0);
        }
        return peers;
    }
    if (degree == 0 || degree + 1 >= nodes) {
        for (NodeId a = 0; a < nodes; ++a)
            for (NodeId b = 0; b < nodes; ++b)
                if (a != b) peers[a].push_back(b);
        return peers;
    }
    for (NodeId a = 0; a < nodes; ++a) connect(a, (a + 1) % nodes);
    for (NodeId a = 0; a < nodes; ++a)
        for (std::uint32_t tries = 0; peers[a].size() < degree && tries < 4 * degree; ++tries)
            connect(a, static_cast<NodeId>(random.below(nodes)));
    for (std::vector<NodeId>& each : peers) std::ranges::sort(each);
    return peers;
}

}  // namespace interlock::chain::sim
