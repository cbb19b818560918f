// The blocks that a node knows, as a tree: every branch is kept, and a rule that all nodes share says which is the best.
//
// The heaviest branch wins, by the sum of difficulties. Of equal ones the smaller hash wins, so that the order is total
// and all nodes with the same blocks have the same head, in whatever order these came; or the first seen, as in Bitcoin,
// which is no order of blocks at all. (The tree and its laws: Pîrlea and Sergey, "Mechanising Blockchain Consensus".)
#pragma once

#include <functional>
#include <unordered_map>

#include "chain/consensus/block.hpp"
#include "chain/consensus/message.hpp"

namespace interlock::chain::consensus {

enum class TieBreak : std::uint8_t { SmallerHash, FirstSeen };

class BlockTree {
  public:
    static constexpr std::size_t most_orphans = 4096;  // blocks whose parents are unknown; more are dropped

    struct Entry {
        BlockRef block;
        MessageRef message;  // in which it came, to be passed on
        const Entry* parent = nullptr;
        Word weight;  // of the branch that ends here
    };
    using Validate = std::function<bool(const Entry& parent, const BlockRef& block)>;

    explicit BlockTree(TieBreak tie_break = TieBreak::SmallerHash) : tie_break_(tie_break) {}

    void plant(const BlockRef& genesis) {
        head_ =
            &entries_.try_emplace(genesis->hash, Entry{genesis, nullptr, nullptr, genesis->header.difficulty}).first->second;
    }

    // Adds a block and every orphan that waited for it; `is_valid` is asked for each whose parent is known. Returns what
    // became part of the tree. The head is the best of all at the end.
    std::vector<const Entry*> add(const BlockRef& block, const MessageRef& message, const Validate& is_valid) {
        std::vector<const Entry*> added;
        if (knows(block->hash)) return added;
        if (!find(block->parent())) {
            if (orphans_ < most_orphans) {
                waiting_[block->parent()].emplace_back(block, message);
                ++orphans_;
            }
            return added;
        }
        std::vector<std::pair<BlockRef, MessageRef>> todo{{block, message}};
        while (!todo.empty()) {
            const auto [next, from] = std::move(todo.back());
            todo.pop_back();
            const Entry* parent = find(next->parent());
            if (find(next->hash) || !is_valid(*parent, next)) continue;
            added.push_back(insert(next, from, parent));
            adopt_orphans_of(next->hash, todo);
        }
        return added;
    }

    [[nodiscard]] const Entry* find(const Hash& hash) const {
        const auto found = entries_.find(hash);
        return found == entries_.end() ? nullptr : &found->second;
    }
    [[nodiscard]] BlockRef orphan(const Hash& hash) const {  // null: no block of this hash waits for its parent
        if (orphans_ == 0) return nullptr;
        for (const auto& [parent, blocks] : waiting_)
            for (const auto& [block, message] : blocks)
                if (block->hash == hash) return block;
        return nullptr;
    }
    [[nodiscard]] bool knows(const Hash& hash) const { return find(hash) || orphan(hash); }
    // The block that a branch of orphans waits for, which nobody has sent yet.
    [[nodiscard]] Hash missing_below(Hash hash) const {
        for (BlockRef waiting = orphan(hash); waiting; waiting = orphan(hash)) hash = waiting->parent();
        return hash;
    }
    [[nodiscard]] const Entry& head() const { return *head_; }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] const std::unordered_map<Hash, Entry>& entries() const { return entries_; }

    // Of the sets of blocks in the tree and of those that wait, and of the head.
    [[nodiscard]] std::uint64_t fingerprint() const {
        Fingerprint sum = FingerprintMixer({3, 0}).absorb(vm::to_word(head_->block->hash)).finish();
        for (const auto& [hash, entry] : entries_) sum ^= FingerprintMixer({1, 0}).absorb(vm::to_word(hash)).finish();
        for (const auto& [parent, blocks] : waiting_)
            for (const auto& [block, message] : blocks)
                sum ^= FingerprintMixer({2, 0}).absorb(vm::to_word(block->hash)).finish();
        return sum.low;
    }

    // A strict total order of the blocks of a tree: whether `a` is a better head than `b`.
    [[nodiscard]] static bool is_better(const Entry& a, const Entry& b) {
        return a.weight != b.weight ? a.weight > b.weight : a.block->hash < b.block->hash;
    }

    // The block so many steps below the entry, or the genesis.
    [[nodiscard]] static const Entry& below(const Entry& entry, std::uint64_t steps) {
        const Entry* at = &entry;
        for (; steps > 0 && at->parent; --steps) at = at->parent;
        return *at;
    }

  private:
    const Entry* insert(const BlockRef& block, const MessageRef& message, const Entry* parent) {
        const Entry entry{block, message, parent, parent->weight + block->header.difficulty};
        const Entry* added = &entries_.emplace(block->hash, entry).first->second;
        const bool wins = tie_break_ == TieBreak::FirstSeen ? added->weight > head_->weight : is_better(*added, *head_);
        if (wins) head_ = added;
        return added;
    }

    void adopt_orphans_of(const Hash& parent, std::vector<std::pair<BlockRef, MessageRef>>& todo) {
        const auto found = waiting_.find(parent);
        if (found == waiting_.end()) return;
        orphans_ -= found->second.size();
        for (auto& orphan : found->second) todo.push_back(std::move(orphan));
        waiting_.erase(found);
    }

    TieBreak tie_break_;
    std::unordered_map<Hash, Entry> entries_;
    std::unordered_map<Hash, std::vector<std::pair<BlockRef, MessageRef>>> waiting_;  // by the parent that is missing
    std::size_t orphans_ = 0;
    const Entry* head_ = nullptr;
};

}  // namespace interlock::chain::consensus
