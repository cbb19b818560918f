#include "analyzer/devnet/preimages.hpp"

namespace interlock::analyzer {

using vm::Word;

void Preimages::observe(vm::ByteView input, const vm::Hash& hash) {
    constexpr std::size_t usual = 256, longest = 1024;  // bytes: a message of some words
    constexpr std::size_t most_before_longer = 20'000;
    if (input.size() < 32 || input.size() > (entries_.size() < most_before_longer ? longest : usual)) return;
    const Word slot = vm::to_word(hash);
    const auto [place, is_new] = by_slot_.try_emplace(slot, static_cast<std::uint32_t>(entries_.size()));
    if (!is_new) return;
    const vm::ByteView key = input.first(input.size() - 32);
    entries_.push_back({vm::Bytes(key.begin(), key.end()), vm::word_from_big_endian(input.last(32)), slot});
    by_mapping_[entries_.back().mapping].push_back(place->second);
}

const Preimages::Entry* Preimages::find(const Word& slot) const {
    const auto found = by_slot_.find(slot);
    return found == by_slot_.end() ? nullptr : &entries_[found->second];
}

const Preimages::Entry* Preimages::find_near(const Word& slot, std::uint64_t reach) const {
    for (std::uint64_t back = 0; back <= reach; ++back)
        if (const Entry* entry = find(slot - Word{back})) return entry;
    return nullptr;
}

std::vector<Word> Preimages::entries(const Word& mapping) const {
    std::vector<Word> slots;
    const auto found = by_mapping_.find(mapping);
    if (found == by_mapping_.end()) return slots;
    slots.reserve(found->second.size());
    for (const std::uint32_t index : found->second) slots.push_back(entries_[index].slot);
    return slots;
}

}  // namespace interlock::analyzer
