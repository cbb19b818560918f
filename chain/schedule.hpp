// Says which rules apply to which block of a network.
#pragma once

#include <vector>

#include "chain/block_rules.hpp"

namespace interlock::chain {

// When an upgrade becomes active: at a block number, at a block time, or behind a parent of this total difficulty.
struct UpgradeTime {
    enum Trigger : std::uint8_t { AtBlock, AtTime, AtTotalDifficulty };
    Upgrade upgrade = Upgrade::Frontier;
    Trigger trigger = AtBlock;
    Word at;
};

class Schedule {
  public:
    // `upgrades` must be in order. Blocks before the first of them are Frontier's.
    explicit Schedule(std::vector<UpgradeTime> upgrades) : upgrades_(std::move(upgrades)) {}
    [[nodiscard]] static Schedule always(Upgrade upgrade) { return Schedule({{upgrade, UpgradeTime::AtBlock, 0}}); }

    // Sets the blob parameters of a network that differ from mainnet's. `update_fraction` and `max` must not be zero.
    void set_blobs(Upgrade upgrade, const BlobSchedule& blobs) { rules_[static_cast<std::size_t>(upgrade)].blobs = blobs; }

    [[nodiscard]] Upgrade upgrade_at(std::uint64_t number, std::uint64_t timestamp,
                                     const Word& parent_total_difficulty) const;
    [[nodiscard]] const BlockRules& rules_of(Upgrade upgrade) const { return rules_[static_cast<std::size_t>(upgrade)]; }

    // Returns the block that moves the DAO's ether, if the network has one. (EIP-779)
    [[nodiscard]] std::optional<std::uint64_t> dao_block() const;

  private:
    std::vector<UpgradeTime> upgrades_;
    BlockRulesTable rules_ = block_rules;
};

inline constexpr Address mainnet_deposit_contract = {{0x00, 0x00, 0x00, 0x00, 0x21, 0x9a, 0xb5, 0x40, 0x35, 0x6c,
                                                      0xbb, 0x83, 0x9c, 0xbe, 0x05, 0x30, 0x3d, 0x77, 0x05, 0xfa}};

// The parameters that all blocks of one chain share.
struct Network {
    Schedule schedule;
    std::uint64_t chain_id = 1;
    Address deposit_contract = mainnet_deposit_contract;  // the contract whose logs are deposits (EIP-6110)
};

}  // namespace interlock::chain
