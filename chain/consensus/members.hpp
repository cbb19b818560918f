// Which nodes vote at which height, where the log itself changes that. (Lamport's reconfiguration of a state machine.)
//
// A transaction of the steward to the members' address names the new members. Once it is in the decided block of height h,
// they vote from height h + distance on: whoever knows the blocks up to h knows who votes up to there, so that so many
// heights may be under way at the same time.
#pragma once

#include <map>
#include <span>

#include "chain/consensus/block.hpp"
#include "chain/consensus/options.hpp"

namespace interlock::chain::consensus {

[[nodiscard]] Address members_address();
[[nodiscard]] Bytes members_data(std::span<const NodeId> members);  // of the steward's transaction

class Members {
  public:
    Members() = default;
    Members(const EngineOptions& options, std::uint32_t nodes, std::uint64_t distance);

    [[nodiscard]] bool may_change() const { return steward_.has_value(); }
    // The next decided block; what it says of members is remembered.
    void append(const SealedBlock& block);
    // What each node's vote weighs: one or nothing. Known up to the decided height and the distance.
    [[nodiscard]] const std::vector<std::uint32_t>& at(std::uint64_t height) const;
    [[nodiscard]] std::uint64_t known_up_to() const { return decided_ + distance_; }
    [[nodiscard]] std::uint64_t last_change() const { return by_height_.rbegin()->first; }      // the height where it begins
    [[nodiscard]] bool is_majority(std::uint64_t height, std::span<const NodeId> nodes) const;  // each named once

  private:
    [[nodiscard]] std::optional<std::vector<std::uint32_t>> weights_of(ByteView data) const;

    std::uint32_t nodes_ = 0;
    std::uint64_t distance_ = 1, decided_ = 0;
    std::optional<Address> steward_;
    std::map<std::uint64_t, std::vector<std::uint32_t>> by_height_;  // from this one on
};

}  // namespace interlock::chain::consensus
