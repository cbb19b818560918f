// A network of nodes in one loop: it owns time, randomness, the network and the disks, so that one seed is one run.
//
// Every engine of chain/consensus/ runs here as it is. After each event the invariants of invariants.hpp are checked. The
// run's hash covers all events in their order; it is the same on every machine.
//
//     Simulation simulation(options);
//     const Outcome& outcome = simulation.run();
#pragma once

#include <deque>
#include <set>

#include "chain/sim/event_queue.hpp"
#include "chain/sim/invariants.hpp"
#include "chain/sim/outcome.hpp"
#include "chain/sim/trace.hpp"
#include "chain/sim/workload.hpp"

namespace interlock::chain::sim {

enum class Signatures : std::uint8_t {
    Secp256k1,  // ECDSA, as on a real network
    KeyedHash,  // a hash that only the simulator can compute: for runs where the time matters
};

struct SimulationOptions {
    const consensus::EngineEntry* engine = nullptr;
    consensus::EngineOptions engine_options;
    std::uint32_t nodes = 4;
    std::uint64_t seed = 1;
    NetworkOptions network;
    std::vector<Fault> faults;
    std::shared_ptr<const Workload> workload;
    Nanoseconds duration = 60 * second;
    bool stops_when_settled = false;  // ends when every transaction is final everywhere and no fault is left
    Nanoseconds client_retry = 0;     // until a client asks another node; 0: never
    Nanoseconds disk = 0;             // until a write is durable
    Signatures signatures = Signatures::KeyedHash;
    bool has_own_ledgers = false;  // every node executes every block; otherwise each block is executed once
    Word reward;                   // wei for whoever makes a block
    bool checks_progress = false;  // of engines that are lively: all transactions must be final at the end
    bool traces = false;           // keeps what each node is told
    std::size_t record = 0;        // messages of each kind, and reorganisations, that are kept for a report
    std::function<void(NodeId, const consensus::Ghost&)> on_ghost;  // what honest nodes say of themselves; may be null
    // For experiments: a node's engine in the place of the usual one. Null: the usual one.
    std::function<std::unique_ptr<consensus::Engine>(NodeId, const consensus::EngineOptions&)> engine_of;
};

struct RecordedMessage {
    Nanoseconds sent, arrives;  // INT64_MAX: lost
    NodeId from, to;
    std::uint32_t kind;
};

// A block that somebody made, for reports.
struct RecordedBlock {
    consensus::BlockRef block;
    Nanoseconds made = 0;
    NodeId maker = 0;
};

// A node gave up so many blocks, up to its head, for another one.
struct RecordedReorganisation {
    Nanoseconds time = 0;
    NodeId node = 0;
    std::uint64_t given_up = 0;
    consensus::BlockRef from, to;
};

class Simulation {
  public:
    explicit Simulation(SimulationOptions options);
    ~Simulation();
    Simulation(const Simulation&) = delete;
    Simulation& operator=(const Simulation&) = delete;

    bool step();  // one event; false: the run is over
    // `before` is told the time of each event before it happens; it may look, and change nothing.
    const Outcome& run(const std::function<void(Nanoseconds)>& before = {});
    const Outcome& finish();  // counts what is to be counted at the end; `run` does it

    [[nodiscard]] Nanoseconds now() const { return now_; }
    [[nodiscard]] const Outcome& outcome() const { return outcome_; }
    [[nodiscard]] const SimulationOptions& options() const { return options_; }
    [[nodiscard]] std::vector<Head> heads() const;
    [[nodiscard]] consensus::Engine& engine(NodeId node);
    [[nodiscard]] const std::vector<RecordedMessage>& messages() const { return recorded_; }
    [[nodiscard]] const std::vector<RecordedReorganisation>& reorganisations() const { return reorganisations_; }
    [[nodiscard]] const Trace& trace() const { return trace_; }
    [[nodiscard]] const std::unordered_map<Hash, RecordedBlock>& blocks() const { return blocks_; }
    [[nodiscard]] consensus::Ledger& ledger(NodeId node);
    [[nodiscard]] std::size_t blocks_under_way() const { return blocks_under_way_; }

  private:
    class Node;

    void start(Node& node);
    void handle(Event& event);
    void deliver(Node& node, const Event& event);
    void submit(std::uint64_t index, std::uint32_t attempt);
    void observe(Node& node);
    void trace(TraceStep step);
    void count_reorganisation(const Node& node, const consensus::BlockRef& old, const consensus::BlockRef& head);
    void was_made(const consensus::BlockRef& block, NodeId maker);
    void became_final(const consensus::BlockRef& block);
    [[nodiscard]] bool is_settled() const;
    [[nodiscard]] std::uint64_t ommers_below(const Node& node) const;
    [[nodiscard]] std::optional<Hash> block_in(const consensus::Message& message) const;

    // simulation_contracts.cpp
    void inform_oracles(const Node& node);
    void answer(std::size_t oracle, std::uint64_t call);
    void check_rules(const consensus::BlockRef& block, consensus::Ledger& ledger);
    [[nodiscard]] std::string shown(const Question& question, const Node& node) const;
    [[nodiscard]] const Submission& submission(std::uint64_t index) const;
    [[nodiscard]] std::uint64_t submissions() const { return options_.workload->submissions.size() + answers_.size(); }

    // simulation_network.cpp
    void transmit(Node& from, NodeId to, consensus::MessageRef message);
    void send_once(Node& from, NodeId to, const consensus::MessageRef& message);
    [[nodiscard]] std::optional<Nanoseconds> arrival(Node& from, NodeId to, std::size_t bytes);
    [[nodiscard]] consensus::MessageRef corrupted(const consensus::Message& message);

    // simulation_faults.cpp
    void begin_fault(const Fault& fault);
    void end_fault(const Fault& fault);
    void crash(Node& node, Fault::Disk disk);
    void change_weather(const Fault& fault, std::int64_t sign);

    SimulationOptions options_;
    Random random_;
    std::unique_ptr<consensus::Codec> codec_;
    std::vector<std::unique_ptr<Node>> nodes_;
    EventQueue queue_;
    Nanoseconds now_ = 0, last_fault_ = 0;
    std::uint64_t hash_ = 0;
    Outcome outcome_;
    std::unique_ptr<Invariants> invariants_;

    consensus::Lies lies_;                                 // of all liars
    std::vector<const Fault*> cuts_;                       // partitions and clogs that are in force
    std::int64_t drop_ = 0, duplicate_ = 0, corrupt_ = 0;  // parts per million
    Nanoseconds delay_ = 0;
    std::map<std::pair<NodeId, NodeId>, Nanoseconds> last_arrival_;  // where messages keep their order

    struct Waiting {
        Nanoseconds since = 0;
        bool is_in_block = false;  // somebody's
    };
    struct OracleView {
        std::unordered_map<Hash, std::uint64_t> calls_up_to;  // a block
        std::unordered_set<Hash> answered;                    // transactions
        std::uint64_t answers = 0;
    };
    std::vector<OracleView> oracles_;
    std::deque<Submission> answers_;  // of oracles, behind the workload's submissions

    std::unordered_map<Hash, Waiting> unsettled_;  // transactions that are not final yet
    std::unordered_map<Hash, RecordedBlock> blocks_;
    std::vector<RecordedMessage> recorded_;
    std::map<std::uint32_t, std::size_t> recorded_kinds_;
    std::vector<RecordedReorganisation> reorganisations_;
    Trace trace_;
    std::size_t blocks_under_way_ = 0;
};

}  // namespace interlock::chain::sim
