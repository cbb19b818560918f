// A simulated run as what each node was told, in its order: enough to lead the same engines through the same run elsewhere.
#pragma once

#include <vector>

#include "chain/consensus/engine.hpp"

namespace interlock::chain::sim {

struct TraceStep {
    enum Kind : std::uint8_t { Start, Deliver, Ring, Written, Submit, Crash } kind = Start;
    consensus::NodeId node = 0;
    consensus::Nanoseconds clock = 0;       // the node's own
    consensus::NodeId from = 0;             // Deliver
    consensus::MessageRef message;          // Deliver
    consensus::Timer timer;                 // Ring
    consensus::TransactionRef transaction;  // Submit
    std::uint64_t random = 0;               // Start: the state of the node's random numbers
    std::vector<std::size_t> kept_entries;  // Crash: of the writes that were under way, the oldest first
    bool forgets = false;                   // Crash: the disk is empty
    std::uint64_t sent = 0, digest = 0;     // of all that the node sends meanwhile; of its state behind the step
};
using Trace = std::vector<TraceStep>;

// Of messages and their receivers, one after another.
[[nodiscard]] inline std::uint64_t with_sent(std::uint64_t before, consensus::NodeId to, std::uint64_t message) {
    return FingerprintMixer({before, to}).absorb(message).finish().low;
}

}  // namespace interlock::chain::sim
