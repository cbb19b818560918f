// A chain of blocks in memory: it executes transactions block by block and keeps blocks and receipts.
//
// It is deterministic: a block comes twelve seconds after its parent, and its randomness is its parent's hash. A
// block's number is its index here. There is only one head; competing heads are the business of the block forest
// (block_forest.hpp). Both execute blocks in the same way, so the forest accepts what is mined here.
//
// From Prague on blocks need the system contracts, so the genesis has them from the start. Before Prague a call to one
// of them changes nothing.
#pragma once

#include "chain/block_execution.hpp"
#include "chain/genesis.hpp"

namespace interlock::chain {

inline constexpr std::uint64_t seconds_per_block = 12;

struct ChainSettings {
    std::uint64_t chain_id = 1;
    std::uint64_t gas_limit = 30'000'000;
    std::uint64_t genesis_time = chain::genesis_time;  // seconds since 1970
    Word genesis_base_fee = 1'000'000'000;             // wei per unit of gas; since London
    Address coinbase;
};

struct MinedBlock {
    Block block;
    Hash hash;
    std::vector<Receipt> receipts;  // one per transaction of the block, in the same order
};

// A transaction that could not be put into the block, and the reason.
struct RefusedTransaction {
    std::size_t index;  // position among the given transactions
    Refusal why;
};

class Blockchain {
  public:
    // `genesis` is the world at block 0. The fork must be the merge (Paris) or later.
    explicit Blockchain(State genesis, const ChainSettings& settings = {});

    // Executes the transactions in their order as the next block. Transactions that are invalid at their position are
    // left out and returned; the others are in head(). Each transaction must carry its sender's signature.
    std::vector<RefusedTransaction> mine(const std::vector<Transaction>& transactions);

    [[nodiscard]] const MinedBlock& head() const { return blocks_.back(); }
    [[nodiscard]] const std::vector<MinedBlock>& blocks() const { return blocks_; }
    [[nodiscard]] State& state() { return state_; }  // behind the head; its block() is the next block's
    [[nodiscard]] const ChainSettings& settings() const { return settings_; }
    [[nodiscard]] const Network& network() const { return network_; }
    [[nodiscard]] std::uint64_t next_nonce(const Address& sender) { return state_.nonce(sender); }

  private:
    [[nodiscard]] const BlockRules& rules() const;
    [[nodiscard]] Header first_header() const;
    [[nodiscard]] Header next_header() const;
    void append(MinedBlock);

    State state_;
    ChainSettings settings_;
    Network network_;
    std::vector<MinedBlock> blocks_;
};

}  // namespace interlock::chain
