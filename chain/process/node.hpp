// A node as a process of its own: the same engine that is simulated, behind TCP connections on 127.0.0.1, with a file as
// its disk and ECDSA for its signatures. It reacts to one thing after another, as in the simulation.
//
// The first frame of a connection says who speaks: a node's number, or `client`. A client's frames are transactions, or
// empty; the node answers an empty one with the hashes of all transactions in its final blocks, in their order.
#pragma once

#include <string>

#include "chain/consensus/engines.hpp"
#include "chain/genesis.hpp"
#include "chain/process/connection.hpp"

namespace interlock::chain::process {

inline constexpr std::uint32_t client = UINT32_MAX;
[[nodiscard]] vm::Bytes greeting_of(std::uint32_t speaker);

struct NodeSettings {
    const consensus::EngineEntry* engine = nullptr;
    consensus::EngineOptions options;
    consensus::NodeId id = 0;
    std::vector<Listener> listeners;  // of all nodes
    const Genesis* genesis = nullptr;
    std::string file;                     // what it persists
    consensus::Nanoseconds began = 0;     // of the steady clock: the run's time zero
    consensus::Nanoseconds lifetime = 0;  // after which it ends in any case
};

// Returns an exit code: 0 at the end of its lifetime, others if the disk cannot be written.
[[nodiscard]] int run_node(const NodeSettings& settings);

[[nodiscard]] consensus::Nanoseconds steady_time();

}  // namespace interlock::chain::process
