// Nodes as processes, started, killed and started again by a client that keeps a list of what they acknowledged.
//
// The client sends transactions to one node after another. When a third of them is acknowledged, as many nodes as the
// engine survives are killed with SIGKILL, node 0 among them; when two thirds are, they are started again, or at once where
// more were killed. At the end every node must have every transaction, in the same order: what was acknowledged is what some
// node once said is final. Where all are killed at the same time, their files alone remember it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "chain/consensus/engines.hpp"

namespace interlock::chain::process {

struct ClusterOptions {
    const consensus::EngineEntry* engine = nullptr;
    consensus::EngineOptions engine_options;
    std::uint32_t nodes = 4;
    std::uint32_t transactions = 60;
    std::optional<std::uint32_t> kills;                 // without: as many as the engine survives
    bool forgets = false;                               // the killed ones lose their files: for tests of this test
    std::function<void()> when_killed, when_restarted;  // what else happens then; may be null
    consensus::Nanoseconds most_time = 30 * consensus::second;
};

struct ClusterOutcome {
    std::uint32_t acknowledged = 0, killed = 0, restarted = 0;
    std::uint32_t missing = 0;  // acknowledged, and not final at some node at the end
    bool agree = true;          // whether of two nodes' final orders one has always been a beginning of the other
    bool is_complete = false;   // whether all nodes had everything in time
    consensus::Nanoseconds time = 0;
    std::vector<std::uint32_t> final_transactions;  // of each node, as it last said
    std::string error;                              // why it could not begin: no sockets, no processes, no files

    [[nodiscard]] bool holds() const { return error.empty() && agree && missing == 0 && is_complete; }
};

[[nodiscard]] ClusterOutcome run_cluster(const ClusterOptions& options);

}  // namespace interlock::chain::process
