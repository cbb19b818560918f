#include "analyzer/explorer/registered.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "analyzer/explorer/observations.hpp"

namespace interlock::analyzer {

Registered registered_in(World& world) {
    constexpr std::uint64_t most_fields = 8;
    constexpr unsigned most_bits = 62;  // of a number that counts something
    constexpr std::size_t most_kept_hashes = 2, most_hashes = 4, most_of_hers = 32, most_preimages = 20'000;
    Registered found;
    std::optional<Word> highest;
    for (const DeployedContract& contract : world.contracts()) {
        if (!world.artifact_of(contract)) continue;
        for (const auto& [slot, value] : world.state().storage_of(contract.address)) {
            const Preimages::Entry* const entry = world.preimages().find_near(slot, most_fields);
            if (!entry || entry->key.size() != 32 || value.is_zero()) continue;
            const Word key = vm::word_from_big_endian(entry->key);
            found.has_owner |= key == vm::to_word(world.owner().address);
            for (const DeployedContract& other : world.contracts())
                if (key == vm::to_word(other.address) && std::ranges::count(found.contracts, other.address) == 0)
                    found.contracts.push_back(other.address);
            if (is_hash(key) && found.hashes.size() < most_kept_hashes && std::ranges::count(found.hashes, key) == 0)
                found.hashes.push_back(key);
            if (vm::bit_length(key) <= most_bits && (!highest || *highest < key)) highest = key;
        }
    }
    if (highest) found.numbers = {*highest + Word{1}, *highest};
    // Of the others, those come first that were made of her address, and of those such as tell of many.
    std::vector<Address> known;
    for (const DeployedContract& contract : world.contracts())
        if (world.artifact_of(contract)) known.push_back(contract.address);
    for (const auto& user : world.users()) known.push_back(user.address);
    std::vector<std::pair<std::size_t, Word>> of_hers;  // with how many they tell of
    std::vector<Word> foreign;
    const auto& all = world.preimages().all();
    for (std::size_t i = 0; i < std::min(all.size(), most_preimages) && of_hers.size() < most_of_hers; ++i) {
        const Preimages::Entry& entry = all[i];
        if (entry.key.size() != 32) continue;
        const Word key = vm::word_from_big_endian(entry.key);
        const Preimages::Entry* const made = is_hash(key) ? world.preimages().find(key) : nullptr;
        if (!made || std::ranges::count(found.hashes, key) != 0) continue;
        const auto tells_of = [&](const Address& address) {
            return std::search(made->key.begin(), made->key.end(), address.bytes.begin(), address.bytes.end()) !=
                   made->key.end();
        };
        if (tells_of(world.attacker().address)) of_hers.emplace_back(std::ranges::count_if(known, tells_of), key);
        else if (foreign.size() < most_hashes) foreign.push_back(key);
    }
    std::ranges::stable_sort(of_hers, std::greater{}, [](const auto& each) { return each.first; });
    for (std::size_t i = 0; i < of_hers.size() && found.hashes.size() < most_hashes; ++i)
        if (std::ranges::count(found.hashes, of_hers[i].second) == 0) found.hashes.push_back(of_hers[i].second);
    for (std::size_t i = 0; i < foreign.size() && found.hashes.size() < most_hashes; ++i) found.hashes.push_back(foreign[i]);
    return found;
}

}  // namespace interlock::analyzer
