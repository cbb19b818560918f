// The block forest: all blocks that may still become the chain, and which of them is its head.
//
// It holds a tree of valid blocks and one world state. The state stands behind one block at a time. It moves to another
// block by undoing the journal down to their common ancestor and executing the blocks from there. A block is executed
// behind its parent when it arrives. A block that breaks a rule is refused with the rule's name and changes nothing.
//
// Fork choice is a strict total order. Before the merge the block with the greatest total difficulty wins, and among
// equals the one seen first. A block behind the merge wins over every block before it. Among blocks behind the merge
// the latest valid one wins, since the consensus layer decides which block comes next.
//
// `ForestLimits` bounds the memory. Blocks that fall off the lower end of the tree are final.
#pragma once

#include <memory>
#include <unordered_map>

#include "chain/block_execution.hpp"

namespace interlock::chain {

struct ForestLimits {
    std::size_t depth = 512;                     // blocks behind the last final one; beyond it the older half becomes final
    std::size_t journal_records = 8'000'000;     // about fifty bytes each; beyond it the older half becomes final as well
    std::size_t blocks = 8'192;                  // in the tree, including competing blocks
    std::size_t bytes = std::size_t{512} << 20;  // of all encodings together
};

class BlockForest {
  public:
    // `genesis` is the world behind the genesis block. The header must have its root (asserted).
    BlockForest(State genesis, const Header& header, Network network, const ForestLimits& limits = {});
    ~BlockForest();
    BlockForest(BlockForest&&) noexcept;
    BlockForest& operator=(BlockForest&&) noexcept;

    // Takes arbitrary bytes. An accepted block is in the tree, and it becomes the head when the fork choice prefers it.
    // A block that is in the tree already is accepted again and changes nothing. A refused block changes nothing either.
    [[nodiscard]] Refusal import(ByteView encoded);

    // The same for a block that has been decoded or mined here. The transactions' senders are recovered from their
    // signatures.
    [[nodiscard]] Refusal import(Block block);

    [[nodiscard]] const Block& head() const;
    [[nodiscard]] const Hash& head_hash() const;
    [[nodiscard]] Word total_difficulty() const;         // of the chain that ends in the head
    [[nodiscard]] const Block* find(const Hash&) const;  // null when the block is not in the tree (any more)
    [[nodiscard]] std::size_t size() const;              // blocks in the tree
    [[nodiscard]] const Network& network() const;

    // Returns the world behind the head, for reading only. The next import moves it.
    [[nodiscard]] State& state();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace interlock::chain
