// Executes the blocks of a tree, each on its parent's state, and makes new ones.
//
// There is one state and one journal: going to another branch rewinds the journal to the common ancestor and executes
// from there. What came of a block is remembered by its hash. Blocks are executed by chain/block_execution.hpp with the
// rules of one fork, a fee market, and a reward for the producer.
#pragma once

#include <unordered_map>

#include "chain/block_rules.hpp"
#include "chain/consensus/engine.hpp"
#include "chain/schedule.hpp"

namespace interlock::chain::consensus {

// What no transaction did and one block does all the same: an account's whole balance goes to another one. Who executes that
// block without it comes to another state, and to another chain.
struct HardFork {
    std::uint64_t height = 0;
    Address from, to;
};

class Ledger {
  public:
    // `reward`: wei for the producer of a block, of which `takes_ommers` gives a part for stale blocks that later ones name
    Ledger(State genesis, const Word& reward, const std::optional<HardFork>& fork = std::nullopt, bool takes_ommers = false);

    [[nodiscard]] const BlockRef& genesis() const { return genesis_; }

    // The parent must have been executed. A block that breaks a rule is refused and changes nothing.
    const Executed& execute(const BlockRef& block);
    [[nodiscard]] std::pair<Header, std::vector<TransactionRef>> build(const BlockRef& parent, const Address& coinbase,
                                                                       const Draft& draft,
                                                                       std::span<const TransactionRef> candidates);
    // Whether a transaction may wait for a block behind this one: its sender can pay for it, and will come to its nonce.
    [[nodiscard]] bool admits(const BlockRef& head, const Transaction& tx);
    // The state behind an executed block, until the next call.
    [[nodiscard]] State& state_behind(const BlockRef& block);
    // All ether that there should be behind a block: that of the genesis and all rewards, less what was burnt.
    [[nodiscard]] Word supply_behind(const Hash& block) const { return known_.at(block).supply; }
    [[nodiscard]] Word ether_behind(const BlockRef& block);  // all that there is
    // Calls a contract in the state behind a block, and changes nothing. Nothing: the call failed.
    [[nodiscard]] std::optional<Bytes> ask(const BlockRef& block, const Address& contract, const Bytes& data);

  private:
    struct Known {
        BlockRef block;
        Executed executed;
        Word supply;
    };
    struct Step {
        const Known* known;
        State::Checkpoint behind;
    };

    [[nodiscard]] Header header_on(const SealedBlock& parent, const Address& coinbase, const Draft& draft) const;
    [[nodiscard]] Refusal check_ommers_of(const SealedBlock& block) const;
    [[nodiscard]] Word made_by(const SealedBlock& block) const;  // ether: the rewards, less what was burnt
    [[nodiscard]] Refusal run(const SealedBlock& block, std::vector<std::uint32_t>& failed);
    void go_to(const Hash& block);
    void begin(const Header& header);  // what a fork does before a block
    void replay(const SealedBlock& block);
    void rewind_to(std::size_t steps);

    State state_;
    BlockRules rules_;
    Network network_;
    std::optional<HardFork> fork_;
    bool takes_ommers_;
    BlockRef genesis_;
    std::unordered_map<Hash, Known> known_;
    std::vector<Step> path_;  // from the genesis to where the state stands
};

// Where a node's rewards go, and with what it signs.
[[nodiscard]] Address coinbase_of(NodeId node);
[[nodiscard]] PrivateKey key_of_validator(NodeId node);

}  // namespace interlock::chain::consensus
