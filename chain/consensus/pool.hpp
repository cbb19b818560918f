// Transactions that wait for a block: those of small nonces first, so that every sender has his turn.
#pragma once

#include <map>
#include <unordered_set>

#include "chain/consensus/block.hpp"
#include "chain/fingerprint.hpp"

namespace interlock::chain::consensus {

class Pool {
  public:
    static constexpr std::size_t most = 100'000;  // more are refused

    // Returns whether it is new here. What was in a final block is never new again.
    bool add(const TransactionRef& tx) {
        if (waiting_.size() >= most || !seen_.insert(tx->hash).second) return false;
        waiting_.emplace(Key{tx->transaction.nonce, tx->transaction.sender}, tx);
        return true;
    }

    // Takes out the transactions of a block that is final, and others of their senders that can never be valid now.
    void settle(const SealedBlock& block) {
        for (const TransactionRef& tx : block.transactions) {
            seen_.insert(tx->hash);
            waiting_.erase({tx->transaction.nonce, tx->transaction.sender});
        }
    }

    // The first of each sender come first. Those in blocks that are not final yet are among them: ask for so many more.
    [[nodiscard]] std::vector<TransactionRef> candidates(std::size_t at_most) const {
        std::vector<TransactionRef> candidates;
        for (auto at = waiting_.begin(); at != waiting_.end() && candidates.size() < at_most; ++at)
            candidates.push_back(at->second);
        return candidates;
    }
    [[nodiscard]] bool contains(const Hash& transaction) const { return seen_.contains(transaction); }
    // Of the sets of those that wait and those that are known.
    [[nodiscard]] std::uint64_t fingerprint() const {
        Fingerprint sum;
        for (const auto& [key, tx] : waiting_) sum ^= FingerprintMixer({1, 0}).absorb(vm::to_word(tx->hash)).finish();
        for (const Hash& hash : seen_) sum ^= FingerprintMixer({2, 0}).absorb(vm::to_word(hash)).finish();
        return sum.low;
    }
    [[nodiscard]] bool empty() const { return waiting_.empty(); }
    [[nodiscard]] std::size_t size() const { return waiting_.size(); }

  private:
    using Key = std::pair<std::uint64_t, Address>;
    std::map<Key, TransactionRef> waiting_;
    std::unordered_set<Hash> seen_;
};

}  // namespace interlock::chain::consensus
