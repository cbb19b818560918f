// A node as a process that does what it is told, step by step, and answers with what it did: for runs that are known.
#pragma once

#include <string>

#include "chain/consensus/engines.hpp"
#include "chain/genesis.hpp"
#include "chain/process/connection.hpp"
#include "chain/sim/trace.hpp"

namespace interlock::chain::process {

struct TraceNodeSettings {
    const consensus::EngineEntry* engine = nullptr;
    consensus::EngineOptions options;
    consensus::NodeId id = 0;
    std::uint32_t nodes = 0;
    const Genesis* genesis = nullptr;
    Word reward;
    bool writes_at_once = false;  // what nobody waits for, as on a simulated disk that takes no time
    std::string file;
    std::uint16_t port = 0;  // of whoever tells it
};

// Returns an exit code. It ends when nobody tells it anything any more.
[[nodiscard]] int run_trace_node(const TraceNodeSettings& settings);

// A step on its way to a node, and what the node says of it.
[[nodiscard]] vm::Bytes encoded(const sim::TraceStep& step);
struct TraceAnswer {
    std::uint64_t digest = 0;
    Hash head, finalised;
    std::vector<std::pair<consensus::NodeId, vm::Bytes>> sent;

    [[nodiscard]] vm::Bytes encode() const;
    [[nodiscard]] static std::optional<TraceAnswer> read(vm::ByteView bytes);
};

// Waits for the next frame; nothing: the connection broke, or nothing came in time.
[[nodiscard]] std::optional<vm::Bytes> next_frame(Connection& connection, consensus::Nanoseconds at_most);

}  // namespace interlock::chain::process
