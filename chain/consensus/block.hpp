// What nodes agree on: blocks of real transactions, shared and never changed once they are sealed.
#pragma once

#include <memory>
#include <unordered_map>

#include "chain/block.hpp"

namespace interlock::chain::consensus {

using NodeId = std::uint32_t;

struct SealedTransaction {
    Transaction transaction;
    Hash hash;
    Bytes encoded;
};
using TransactionRef = std::shared_ptr<const SealedTransaction>;

struct SealedBlock {
    Header header;
    std::vector<TransactionRef> transactions;
    std::vector<Header> ommers;  // stale blocks whose finders are paid; proof of work alone has any
    Hash hash;                   // of the header
    Bytes encoded;               // [header, transactions], and ommers where there are any

    [[nodiscard]] std::uint64_t height() const { return header.number; }
    [[nodiscard]] const Hash& parent() const { return header.parent_hash; }
};
using BlockRef = std::shared_ptr<const SealedBlock>;

[[nodiscard]] Hash root_of(const std::vector<TransactionRef>&);  // what a header says of them
[[nodiscard]] TransactionRef seal(Transaction transaction);
[[nodiscard]] BlockRef seal(const Header& header, std::vector<TransactionRef> transactions, std::vector<Header> ommers = {});

// Reads blocks and transactions that came over the network; the input is hostile. It remembers transactions by their
// bytes, so that each signature is checked once and not again in every block.
class Codec {
  public:
    explicit Codec(vm::Fork fork) : fork_(fork) {}
    [[nodiscard]] TransactionRef transaction(ByteView encoded);  // null: malformed, or signed by nobody
    [[nodiscard]] BlockRef block(ByteView encoded);              // null likewise, or not the header's transactions

  private:
    vm::Fork fork_;
    std::unordered_map<Hash, TransactionRef> known_;
};

}  // namespace interlock::chain::consensus
