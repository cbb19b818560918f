// The block forest: all blocks that may still become the chain, and which of them is its head.
//
// A tree of valid blocks and one world state. The state stands behind one block at a time; it goes to another by undoing
// the journal down to their common ancestor and executing from there. A block is executed behind its parent when it
// arrives: what breaks a rule is refused with the rule's name and leaves nothing behind.
//
// Fork choice is a strict total order. Before the merge the greatest total difficulty wins, of equals the first seen; a
// block behind the merge wins over all before, and of those the latest valid one, since it is the consensus layer that
// says what comes next.
//
// Memory is bounded: `ForestLimits`. Blocks that fall off the lower end of the tree are final.
#pragma once

#include <memory>
#include <unordered_map>

#include "chain/block_execution.hpp"

namespace interlock::chain {

struct ForestLimits {
    std::size_t depth = 512;                     // blocks behind the last final one; then the older half becomes final
    std::size_t journal_records = 8'000'000;     // of some fifty bytes; more make the older half final as well
    std::size_t blocks = 8'192;                  // in the tree, competing ones included
    std::size_t bytes = std::size_t{512} << 20;  // of their encodings
};

class BlockForest {
  public:
    // The state is the world behind the genesis block; its root must be the header's (`assert`).
    BlockForest(State genesis, const Header& header, Network network, const ForestLimits& limits = {});
    ~BlockForest();
    BlockForest(BlockForest&&) noexcept;
    BlockForest& operator=(BlockForest&&) noexcept;

    // Takes any bytes. Accepted: the block is in the tree, and the head when the fork choice prefers it; a block that is
    // there already is accepted again and changes nothing. Anything else: refused, and nothing has changed.
    [[nodiscard]] Refusal import(ByteView encoded);

    // The same with a block that has been read or mined here; its transactions' senders are recovered, not believed.
    [[nodiscard]] Refusal import(Block block);

    [[nodiscard]] const Block& head() const;
    [[nodiscard]] const Hash& head_hash() const;
    [[nodiscard]] Word total_difficulty() const;         // of the head's chain
    [[nodiscard]] const Block* find(const Hash&) const;  // null: not in the tree, or no longer
    [[nodiscard]] std::size_t size() const;              // blocks in the tree
    [[nodiscard]] const Network& network() const;

    // The world behind the head, for reading. The next import moves it.
    [[nodiscard]] State& state();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace interlock::chain
