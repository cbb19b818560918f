// What engines share whose blocks form a tree: gossip, the transaction pool, the choice of the head, and finality by depth.
//
// Blocks are announced, asked for, checked, executed and announced further. An engine adds who may make a block and when
// (`on_timer`) and whether a block is acceptable (`accepts`: the validator's acceptance function).
#pragma once

#include "chain/consensus/block_tree.hpp"
#include "chain/consensus/gossip.hpp"
#include "chain/consensus/options.hpp"
#include "chain/consensus/pool.hpp"

namespace interlock::chain::consensus {

class TreeEngine : public Engine {
  public:
    explicit TreeEngine(const EngineOptions& options) : options_(options), tree_(options.tie_break) {}

    void start(Env& env, const Durable& durable) override;
    void on_message(Env& env, NodeId from, const MessageRef& message) override;
    void on_persisted(Env&, Timer) override {}
    void on_submit(Env& env, const TransactionRef& transaction) override;

    [[nodiscard]] const BlockRef& head() const override { return tree_.head().block; }
    [[nodiscard]] const BlockRef& finalised() const override { return finalised_->block; }
    [[nodiscard]] BlockRef find(const Hash& block) const override;
    [[nodiscard]] std::uint64_t digest() const override;

  protected:
    [[nodiscard]] virtual bool accepts(Env& env, const SealedBlock& parent, const SealedBlock& block) const = 0;
    virtual void on_new_head(Env&) {}
    virtual void on_work(Env&) {}  // there is a new transaction
    // Finality: by default a number of blocks on top.
    [[nodiscard]] virtual const BlockTree::Entry* final_below(const BlockTree::Entry& head) const;
    // How a block that this node made becomes known; a withholding miner does otherwise.
    virtual void publish(Env& env, const BlockTree::Entry& entry);

    // Adds the node's own block to its tree and publishes it.
    void add_own(Env& env, const BlockRef& block);
    const BlockTree::Entry* add(Env& env, const BlockRef& block, const MessageRef& message);
    void spread(Env& env, const BlockTree::Entry& entry, std::optional<NodeId> except);

    [[nodiscard]] const EngineOptions& options() const { return options_; }
    [[nodiscard]] const BlockTree& tree() const { return tree_; }
    [[nodiscard]] const Pool& pool() const { return pool_; }
    [[nodiscard]] std::uint64_t tree_fingerprint() const;  // of all that this class keeps

  private:
    void on_transaction(Env& env, std::optional<NodeId> from, const TransactionRef& tx, const MessageRef& message);
    void ask(Env& env, NodeId from, const Hash& block);  // unless that was asked for a short time ago
    void on_block(Env& env, NodeId from, const BlockRef& block, const MessageRef& message);
    void settle(const BlockTree::Entry& upto);

    EngineOptions options_;
    BlockTree tree_;
    Pool pool_;
    const BlockTree::Entry* finalised_ = nullptr;
    std::unordered_map<Hash, Nanoseconds> asked_;  // when a block was last asked for
};

}  // namespace interlock::chain::consensus
