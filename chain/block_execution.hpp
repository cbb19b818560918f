// A block on a world state: what comes before its transactions, the transactions, what comes behind them.
// (Yellow Paper, section 11; EIP-779, 2935, 4788, 4895, 6110, 7002, 7251.)
//
// The one way in which blocks are executed: to mine one, and to check one that somebody else has mined.
//
//     BlockExecution run(state, header, rules, network);
//     for (const Transaction& tx : transactions) ... run.include(tx) ...
//     if (run.finish(ommers, withdrawals).accepted()) run.seal(header);
#pragma once

#include "chain/block.hpp"
#include "chain/schedule.hpp"

namespace interlock::chain {

class BlockExecution {
  public:
    // Begins the block: the DAO's move, the beacon chain's root, the parent's hash. Of the header it needs what does not
    // come of the execution. The state is the parent's; it, the rules and the network must outlive the execution.
    BlockExecution(State& state, const Header& header, const BlockRules& rules, const Network& network);

    // The next transaction, whose `sender` has signed it. Refused: nothing happened.
    [[nodiscard]] Refusal include(const Transaction&);

    // Rewards, withdrawals and requests. Refused: the state must be rewound.
    [[nodiscard]] Refusal finish(const std::vector<Header>& ommers, const std::vector<Withdrawal>& withdrawals);

    // Writes what came of it into the header: gas, receipts, bloom, state, requests. After `finish`.
    void seal(Header& header) const;

    [[nodiscard]] std::uint64_t gas_used() const { return gas_used_; }
    [[nodiscard]] const std::vector<Receipt>& receipts() const { return receipts_; }
    [[nodiscard]] std::vector<Receipt> take_receipts() { return std::move(receipts_); }

  private:
    [[nodiscard]] Refusal check_limits(const Transaction&) const;
    void record(const Transaction&, Receipt);
    [[nodiscard]] Refusal collect_requests();

    State& state_;
    const BlockRules& rules_;
    const Network& network_;
    Refusal begun_;  // of the calls that begin the block
    std::uint64_t gas_used_ = 0, blob_gas_used_ = 0;
    std::vector<Receipt> receipts_;
    std::vector<Bytes> encoded_receipts_;
    std::array<Bytes, 3> requests_;  // by type
};

// The block as instructions see it.
[[nodiscard]] vm::BlockContext context_of(const Header&, const BlockRules&, std::uint64_t chain_id);

}  // namespace interlock::chain
