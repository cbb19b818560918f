// What an engine finds in a process: a ledger, a file as its disk, ECDSA for signatures. Time, timers and the network are the
// node's own (node.cpp, trace_node.cpp).
#pragma once

#include <memory>
#include <string>

#include "chain/consensus/engines.hpp"
#include "chain/consensus/ledger.hpp"
#include "chain/genesis.hpp"
#include "chain/process/durable_file.hpp"

namespace interlock::chain::process {

class ProcessEnv : public consensus::Env {
  public:
    consensus::NodeId self() const override { return id_; }
    std::uint32_t nodes() const override { return static_cast<std::uint32_t>(addresses_.size()); }
    std::span<const consensus::NodeId> peers() const override { return peers_; }
    consensus::Random& random() override { return random_; }
    consensus::Codec& codec() override { return codec_; }
    const consensus::BlockRef& genesis() const override { return ledger_.genesis(); }
    const consensus::Executed& execute(const consensus::BlockRef& block) override { return ledger_.execute(block); }
    std::pair<Header, std::vector<consensus::TransactionRef>> build(
        const consensus::BlockRef& parent, const consensus::Draft& draft,
        std::span<const consensus::TransactionRef> candidates) override {
        return ledger_.build(parent, consensus::coinbase_of(id_), draft, candidates);
    }
    bool admits(const consensus::BlockRef& head, const Transaction& tx) override { return ledger_.admits(head, tx); }
    Signature sign(const Hash& what) override;
    bool verify(consensus::NodeId signer, const Hash& what, const Signature& signature) override;
    void ghost(const consensus::Ghost&) override {}

  protected:
    struct Node {
        consensus::NodeId id = 0;
        std::uint32_t nodes = 0;
        const consensus::EngineEntry* engine = nullptr;
        const consensus::EngineOptions* options = nullptr;
        const Genesis* genesis = nullptr;
        Word reward;
        const std::string* file = nullptr;
    };
    ProcessEnv(const Node& node, consensus::Random random);

    // Writes; what cannot be written ends the node.
    void append(const consensus::Batch& batch) { is_healthy_ &= batch.empty() || file_.append(batch); }
    [[nodiscard]] bool can_run() const { return file_.is_open() && engine_; }

    consensus::Random random_;
    consensus::Codec codec_;
    DurableFile file_;
    std::unique_ptr<consensus::Engine> engine_;
    bool is_healthy_ = true;

  private:
    consensus::NodeId id_;
    consensus::Ledger ledger_;
    std::vector<Address> addresses_;  // of all nodes
    std::vector<consensus::NodeId> peers_;
};

}  // namespace interlock::chain::process
