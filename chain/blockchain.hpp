// A chain of blocks in memory: executes transactions, one block after the other, and keeps what came of them.
//
// It is deterministic: a block comes twelve seconds after its parent, and its randomness is its parent's hash. A block's
// number is its index here. There is one head; where several compete, that is the block forest's (block_forest.hpp). Both
// execute blocks in the same way, so the forest accepts what is mined here.
//
// From Prague on, whose blocks cannot be without, the genesis has the system contracts; before, a call to one changes
// nothing.
#pragma once

#include "chain/block_execution.hpp"
#include "chain/genesis.hpp"

namespace interlock::chain {

inline constexpr std::uint64_t seconds_per_block = 12;

struct ChainSettings {
    std::uint64_t chain_id = 1;
    std::uint64_t gas_limit = 30'000'000;
    std::uint64_t genesis_time = chain::genesis_time;  // seconds since 1970
    Word genesis_base_fee = 1'000'000'000;             // wei a unit of gas; from London on
    Address coinbase;
};

struct MinedBlock {
    Block block;
    Hash hash;
    std::vector<Receipt> receipts;  // of block.transactions, in their order
};

// A transaction that could not be put into the block, and why.
struct RefusedTransaction {
    std::size_t index;  // among those given
    Refusal why;
};

class Blockchain {
  public:
    // The state is the world at block 0. Forks from the merge (Paris) on.
    explicit Blockchain(State genesis, const ChainSettings& settings = {});

    // Executes the transactions in their order as the next block. One that is invalid where it stands is left out and
    // reported; the others are in head(). A transaction must carry its sender's signature.
    std::vector<RefusedTransaction> mine(const std::vector<Transaction>& transactions);

    [[nodiscard]] const MinedBlock& head() const { return blocks_.back(); }
    [[nodiscard]] const std::vector<MinedBlock>& blocks() const { return blocks_; }
    [[nodiscard]] State& state() { return state_; }  // after the head; its block() is the next one's
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
