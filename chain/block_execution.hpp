// Executes a block on a world state: the steps before the transactions, the transactions, and the steps after them.
// (Yellow Paper, section 11; EIP-779, 2935, 4788, 4895, 6110, 7002, 7251.)
//
// Mining a block and checking a block that somebody else has mined both use this class; no other code executes blocks.
//
//     BlockExecution run(state, header, rules, network);
//     run.include_all(transactions);       or, one by one, run.include(tx)
//     if (run.finish(ommers, withdrawals).accepted()) run.seal(header);
#pragma once

#include "chain/block.hpp"
#include "chain/schedule.hpp"

namespace interlock::chain {

class Crew;

class BlockExecution {
  public:
    // Begins the block: moves the DAO's ether, stores the beacon root and the parent's hash. It reads only those header
    // fields that do not result from the execution. The state must be the parent's; the state, the rules and the
    // network must outlive the execution.
    BlockExecution(State& state, const Header& header, const BlockRules& rules, const Network& network);

    // Executes the next transaction, which `sender` must have signed. A refused transaction changes nothing.
    [[nodiscard]] Refusal include(const Transaction&);

    // Executes transactions up to the first that is refused, by several processors where that pays (see
    // parallel_transactions.hpp), with the same results.
    [[nodiscard]] Refusal include_all(std::span<const Transaction>);

    // Pays rewards and withdrawals and collects requests. After a refusal the caller must rewind the state.
    [[nodiscard]] Refusal finish(const std::vector<Header>& ommers, const std::vector<Withdrawal>& withdrawals);

    // Writes the results into the header: gas, receipts, bloom, state root, requests. Call it after `finish`.
    void seal(Header& header) const;

    [[nodiscard]] std::uint64_t gas_used() const { return gas_used_; }
    [[nodiscard]] const std::vector<Receipt>& receipts() const { return receipts_; }
    [[nodiscard]] std::vector<Receipt> take_receipts() { return std::move(receipts_); }

  private:
    [[nodiscard]] Refusal check_limits(const Transaction&) const;
    [[nodiscard]] Refusal include_in_parallel(std::span<const Transaction>, Crew& crew);
    void count(const Transaction&, std::uint64_t gas_used);
    [[nodiscard]] Bytes encode(const Transaction&, const Receipt&, std::uint64_t cumulative_gas) const;
    void record(const Transaction&, Receipt);
    [[nodiscard]] Refusal collect_requests();

    State& state_;
    const BlockRules& rules_;
    const Network& network_;
    std::uint64_t gas_used_ = 0, blob_gas_used_ = 0;
    std::vector<Receipt> receipts_;
    std::vector<Bytes> encoded_receipts_;
    std::array<Bytes, 3> requests_;  // indexed by type
};

// Returns the block as instructions see it.
[[nodiscard]] vm::BlockContext context_of(const Header&, const BlockRules&, std::uint64_t chain_id);

}  // namespace interlock::chain
