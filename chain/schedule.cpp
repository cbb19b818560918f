#include "chain/schedule.hpp"

#include <algorithm>

namespace interlock::chain {

namespace {

bool has_come(const Activation& activation, std::uint64_t number, std::uint64_t timestamp, const Word& difficulty) {
    switch (activation.trigger) {
        case Activation::AtBlock: return Word(number) >= activation.at;
        case Activation::AtTime: return Word(timestamp) >= activation.at;
        case Activation::AtTotalDifficulty: return difficulty >= activation.at;
    }
    return false;
}

}  // namespace

// Upgrades build on each other: the first that has not come holds up all behind it.
Upgrade Schedule::upgrade_at(std::uint64_t number, std::uint64_t timestamp, const Word& parent_total_difficulty) const {
    Upgrade current = Upgrade::Frontier;
    for (const Activation& activation : activations_) {
        if (!has_come(activation, number, timestamp, parent_total_difficulty)) break;
        current = activation.upgrade;
    }
    return current;
}

std::optional<std::uint64_t> Schedule::dao_block() const {
    const auto found = std::ranges::find(activations_, Upgrade::Dao, &Activation::upgrade);
    return found == activations_.end() ? std::nullopt : std::optional(found->at.low64());
}

}  // namespace interlock::chain
