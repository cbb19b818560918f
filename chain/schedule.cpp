#include "chain/schedule.hpp"

#include <algorithm>

namespace interlock::chain {

namespace {

bool has_come(const UpgradeTime& time, std::uint64_t number, std::uint64_t timestamp, const Word& difficulty) {
    switch (time.trigger) {
        case UpgradeTime::AtBlock: return Word(number) >= time.at;
        case UpgradeTime::AtTime: return Word(timestamp) >= time.at;
        case UpgradeTime::AtTotalDifficulty: return difficulty >= time.at;
    }
    return false;
}

}  // namespace

// Upgrades build on each other: the first upgrade that is not active yet keeps all later ones inactive.
Upgrade Schedule::upgrade_at(std::uint64_t number, std::uint64_t timestamp, const Word& parent_total_difficulty) const {
    Upgrade current = Upgrade::Frontier;
    for (const UpgradeTime& time : upgrades_) {
        if (!has_come(time, number, timestamp, parent_total_difficulty)) break;
        current = time.upgrade;
    }
    return current;
}

std::optional<std::uint64_t> Schedule::dao_block() const {
    const auto found = std::ranges::find(upgrades_, Upgrade::Dao, &UpgradeTime::upgrade);
    return found == upgrades_.end() ? std::nullopt : std::optional(found->at.low64());
}

}  // namespace interlock::chain
