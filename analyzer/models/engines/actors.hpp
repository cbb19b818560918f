// Nodes that run an engine of chain/consensus/, as states and steps between them: what each engine does with each input is
// found out once and remembered.
//
// A node's step depends on its own state and the input alone. In a search the same few local states meet again and again
// in other company; then a step is a look-up. Two local states are the same if the engine's fingerprints, the disks, the
// pending timers and all that was promised and voted are.
#pragma once

#include <memory>
#include <unordered_map>

#include "chain/consensus/engines.hpp"
#include "chain/sim/workload.hpp"

namespace interlock::chain::consensus {
class Ledger;
}

namespace interlock::analyzer::models::engines {

using chain::consensus::NodeId;

struct Setting {
    const chain::consensus::EngineEntry* engine = nullptr;
    chain::consensus::EngineOptions options;
    std::uint32_t nodes = 4, liars = 0;  // the first ones lie: whatever they say, they also say otherwise
    std::uint32_t transactions = 1;      // that every node has from the start
    bool is_by_history = false;          // takes no two histories for one state, for comparison
    bool has_clocks = false;             // each node's stands where its last timer was due; otherwise time stands still
    bool keeps_disks = false;            // whether nodes may be restarted, so that what they wrote is a part of their state
};

// An engine, with options that make a search of it finite: what depends on time happens when a timer rings.
[[nodiscard]] Setting setting_of(std::string_view engine);

// A message on its way.
struct Letter {
    NodeId from = 0, to = 0;
    chain::consensus::MessageRef message;
    std::uint64_t fingerprint = 0;
    std::optional<chain::Hash> block;  // that it brings, announces or asks for
};

struct Input {
    enum Kind : std::uint8_t { Start, Deliver, Fire, Restart } kind = Start;
    std::uint32_t number = 0;  // of the letter, or of the timer among those that are pending
    friend bool operator==(const Input&, const Input&) = default;
};

struct PendingTimer {
    chain::consensus::Timer timer;
    chain::consensus::Nanoseconds due = 0;
};

struct LocalState {
    NodeId self = 0;
    std::unique_ptr<chain::consensus::Engine> engine;
    chain::consensus::Durable durable;
    chain::consensus::Nanoseconds clock = 0;
    std::map<chain::consensus::TimerId, PendingTimer> timers;
    chain::consensus::TimerId last_timer = 0;
    std::vector<chain::consensus::Ghost> ghosts;  // everything that it promised and voted
    chain::consensus::Lies lies;
    std::uint32_t before = 0;  // the state and the input that led here first
    Input input;
    std::uint64_t fingerprint = 0;
};

// What a node does: where it is then, what it sends, what it says of itself to checkers.
struct Reaction {
    std::uint32_t next = 0;
    std::vector<std::uint32_t> sent;
    std::vector<chain::consensus::Ghost> ghosts;
};

class Actors {
  public:
    explicit Actors(const Setting& setting);
    ~Actors();

    [[nodiscard]] const Setting& setting() const { return setting_; }
    [[nodiscard]] bool lies(NodeId node) const { return node < setting_.liars; }
    [[nodiscard]] const LocalState& state(std::uint32_t number) const { return *states_.at(number); }
    [[nodiscard]] const Letter& letter(std::uint32_t number) const { return letters_.at(number); }
    [[nodiscard]] std::size_t states() const { return states_.size(); }
    [[nodiscard]] const std::vector<chain::consensus::TransactionRef>& transactions() const { return transactions_; }
    [[nodiscard]] const chain::consensus::BlockRef& genesis() const;
    [[nodiscard]] chain::consensus::Codec& codec() { return codec_; }
    [[nodiscard]] bool has_wrong_ether() const { return has_wrong_ether_; }  // behind some block that was made
    [[nodiscard]] bool knows(std::uint32_t state, const chain::Hash& block) const;
    [[nodiscard]] const std::vector<chain::consensus::BlockRef>& blocks() const { return blocks_; }  // that were ever made

    // The first states of the nodes, and what they send: the same each time.
    [[nodiscard]] const Reaction& begin(NodeId node) const { return beginnings_.at(node); }
    const Reaction& react(std::uint32_t state, const Input& input);
    // The number of a message on its way: the same for the same message.
    [[nodiscard]] std::uint32_t send(NodeId from, NodeId to, const chain::consensus::MessageRef& message);

  private:
    class Node;  // a local state that is being changed, as the engine's world

    void run(Node& node, const Input& input);
    [[nodiscard]] std::unique_ptr<Node> at(std::uint32_t state);
    [[nodiscard]] Reaction keep(Node& node, std::uint32_t before, const Input& input);
    [[nodiscard]] std::uint64_t fingerprint_of(const LocalState& state) const;

    struct AsItIs {
        std::size_t operator()(std::uint64_t fingerprint) const { return fingerprint; }
    };
    template <class T>
    using ByFingerprint = std::unordered_map<std::uint64_t, T, AsItIs>;

    Setting setting_;
    chain::consensus::Codec codec_;
    std::unique_ptr<chain::consensus::Ledger> ledger_;
    std::vector<chain::consensus::TransactionRef> transactions_;
    std::vector<chain::consensus::BlockRef> blocks_;
    std::vector<std::unique_ptr<LocalState>> states_;
    std::vector<Letter> letters_;
    std::vector<Reaction> beginnings_;
    ByFingerprint<std::uint32_t> known_states_, known_letters_;
    ByFingerprint<Reaction> reactions_;  // by state and input
    using Built = std::pair<chain::Header, std::vector<chain::consensus::TransactionRef>>;
    ByFingerprint<Built> built_;
    ByFingerprint<bool> admitted_;
    bool has_wrong_ether_ = false;
};

}  // namespace interlock::analyzer::models::engines
