// A pool that keeps the blocks that it finds to itself as long as that pays. (Eyal and Sirer, "Majority is not enough", 2014)
//
// It mines on its own branch. When the others find a block, it shows as much of its branch as makes theirs worthless: all
// of it if it was ahead by one or two, otherwise a block for each of theirs.
#pragma once

#include <deque>

#include "chain/consensus/ledger.hpp"
#include "chain/consensus/proof_of_work/proof_of_work.hpp"

namespace interlock::chain::consensus {

class SelfishMiner final : public ProofOfWork {
  public:
    using ProofOfWork::ProofOfWork;
    void start(Env& env, const Durable& durable) override;
    void on_message(Env& env, NodeId from, const MessageRef& message) override;

  protected:
    [[nodiscard]] BlockRef mined_on() const override { return tip_; }
    void publish(Env& env, const BlockTree::Entry& entry) override;

  private:
    void show(Env& env, std::size_t blocks);
    void on_others_block(Env& env, const BlockRef& block);

    BlockRef tip_;                                // of the pool's branch
    std::deque<const BlockTree::Entry*> secret_;  // its end that nobody has seen
    std::uint64_t public_height_ = 0;
    std::uint64_t own_length_ = 0;  // blocks of the pool since the branches parted
};

}  // namespace interlock::chain::consensus
