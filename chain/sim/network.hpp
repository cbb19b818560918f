// How messages travel: who is connected, how long it takes, what is lost. What goes wrong on purpose is in faults.hpp.
#pragma once

#include "chain/consensus/block.hpp"
#include "chain/consensus/random.hpp"

namespace interlock::chain::sim {

using consensus::microsecond, consensus::millisecond, consensus::Nanoseconds, consensus::NodeId, consensus::Random,
    consensus::second;

struct Latency {
    enum Kind : std::uint8_t { Fixed, Uniform, Normal, Exponential } kind = Uniform;
    Nanoseconds least = 0;      // added to what is drawn
    Nanoseconds mean = 0;       // Uniform: half of the width
    Nanoseconds deviation = 0;  // Normal alone

    [[nodiscard]] Nanoseconds draw(Random& random) const {
        switch (kind) {
            case Fixed: return least;
            case Uniform: return least + random.between(0, 2 * mean);
            case Normal: return least + random.normal(mean, deviation);
            case Exponential: return least + random.exponential(mean);
        }
        return least;
    }
};

// Everything that is not lost arrives; messages overtake one another unless `is_ordered`. Where `stable_from` is set, the
// network is partially synchronous: what is sent at x arrives by max(x, stable_from) + `bound`, and before that time it
// may take as long as it likes. (Dwork, Lynch, Stockmeyer, 1988)
struct NetworkOptions {
    std::uint32_t degree = 0;  // connections of a node; 0: to everybody
    bool is_star = false;      // node 0 is connected to everybody, and the others to it alone
    Latency latency{Latency::Uniform, 20 * millisecond, 15 * millisecond};
    std::uint64_t bandwidth = 0;            // bytes a second that a node can send; 0: as many as it likes
    std::uint32_t drop = 0, duplicate = 0;  // parts per million
    bool is_ordered = false;
    Nanoseconds stable_from = 0, bound = 0;
    Latency receiving{Latency::Fixed}, sending{Latency::Fixed};  // time of the processor for each message
};

// The peers of each node: everybody, a star, or a ring with chords to drawn nodes; connected and symmetric.
[[nodiscard]] std::vector<std::vector<NodeId>> topology(std::uint32_t nodes, const NetworkOptions& network, Random& random);

}  // namespace interlock::chain::sim
