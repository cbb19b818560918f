// One node of a simulation: its engine, its disk and its clock, and the world as the engine sees it. Included by the
// simulation's own files alone.
#pragma once

#include "chain/sim/simulation.hpp"

namespace interlock::chain::sim {

class Simulation::Node final : public consensus::Env {
  public:
    Node(Simulation& simulation, NodeId id, std::vector<NodeId> peers)
        : simulation_(simulation),
          id_(id),
          peers_(std::move(peers)),
          random_(simulation.options_.seed, id + 1),
          drawn_lies_(simulation.options_.seed, ~std::uint64_t{id}) {}

    // --- consensus::Env ---
    NodeId self() const override { return id_; }
    std::uint32_t nodes() const override { return simulation_.options_.nodes; }
    std::span<const NodeId> peers() const override { return peers_; }
    Nanoseconds now() const override;
    Random& random() override { return random_; }
    consensus::Codec& codec() override { return *simulation_.codec_; }
    void send(NodeId to, const consensus::MessageRef& message) override;
    consensus::TimerId set_timer(Nanoseconds after, consensus::Timer timer) override;
    void cancel(consensus::TimerId timer) override { simulation_.queue_.cancel(timer); }
    void persist(consensus::Batch batch, consensus::Timer then) override;
    void persist(consensus::Batch batch) override;
    const consensus::BlockRef& genesis() const override { return ledger->genesis(); }
    const consensus::Executed& execute(const consensus::BlockRef& block) override;
    std::pair<Header, std::vector<consensus::TransactionRef>> build(
        const consensus::BlockRef& parent, const consensus::Draft& draft,
        std::span<const consensus::TransactionRef> candidates) override;
    bool admits(const consensus::BlockRef& at, const Transaction& transaction) override {
        return ledger->admits(at, transaction);
    }
    Signature sign(const Hash& what) override { return signature_of(id_, what); }
    bool verify(NodeId signer, const Hash& what, const Signature& signature) override;
    void ghost(const consensus::Ghost& ghost) override;

    // --- what the simulation does with it ---
    struct Write {
        consensus::Batch batch;
        std::optional<consensus::Timer> then;
    };

    [[nodiscard]] NodeId id() const { return id_; }
    [[nodiscard]] bool is_up() const { return engine != nullptr; }
    [[nodiscard]] bool lies() const { return has_lied; }
    void write_oldest();                                     // the oldest write becomes durable
    std::vector<std::size_t> lose_writes(Fault::Disk disk);  // at a crash; how many entries of each remain
    void tell_the_world();                                   // what was withheld
    void heard(const consensus::MessageRef& message);        // kept for babbling

    std::unique_ptr<consensus::Engine> engine;  // null: the node is down
    std::shared_ptr<consensus::Ledger> ledger;
    consensus::Durable durable;
    std::deque<Write> writes;  // that are not durable yet
    std::uint32_t incarnation = 0, downs = 0, pauses = 0;
    std::vector<Event> waiting;  // while the node is paused
    Nanoseconds clock_error = 0;
    std::int64_t drift = 0;  // parts per million
    bool is_mute = false, equivocates = false, withholds = false, babbles = false, has_lied = false;
    Nanoseconds processor_free = 0, uplink_free = 0;
    consensus::BlockRef head, finalised;  // as last observed

  private:
    [[nodiscard]] Signature signature_of(NodeId signer, const Hash& what) const;
    [[nodiscard]] const consensus::MessageRef& forged(const consensus::MessageRef& message, NodeId to);
    void babble();

    Simulation& simulation_;
    NodeId id_;
    std::vector<NodeId> peers_;
    Random random_, drawn_lies_;
    // The last message of which there are two versions, or three: for those who are not deceived and for those who are.
    consensus::MessageRef honest_;
    std::array<consensus::MessageRef, 2> forged_;
    std::vector<std::pair<NodeId, consensus::MessageRef>> withheld_;
    std::array<consensus::MessageRef, 16> heard_;  // the last ones, if it babbles
    std::size_t heard_count_ = 0;
};

}  // namespace interlock::chain::sim
