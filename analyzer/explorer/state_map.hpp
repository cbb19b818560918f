// A number for each of many states, by their fingerprints: a flat table with open addressing. To clear it costs nothing, so
// that the many short searches that follow one long one do not pay for its size.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "chain/state.hpp"

namespace interlock::analyzer {

class StateMap {
  public:
    struct Place {
        std::uint32_t& value;
        bool is_new;
    };

    // Returns the place of the state's number; that of a new state is set to `value`. It holds until the next insertion.
    Place try_emplace(const chain::Fingerprint& state, std::uint32_t value) {
        if (size_ * 4 >= entries_.size() * 3) grow();
        Entry& entry = entries_[find(entries_, state)];
        const bool is_new = entry.round != round_;
        if (is_new) {
            entry = {state, value, round_};
            ++size_;
        }
        return {entry.value, is_new};
    }
    bool insert(const chain::Fingerprint& state) { return try_emplace(state, 0).is_new; }
    [[nodiscard]] bool contains(const chain::Fingerprint& state) const {
        return size_ != 0 && entries_[find(entries_, state)].round == round_;
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::size_t bytes() const { return entries_.size() * sizeof(Entry); }

    void clear() {
        // A table that is much too large is dropped: searches that touch little should find it in a cache.
        const bool is_too_large = entries_.size() > least_capacity && size_ < entries_.size() / 16;
        if (is_too_large || round_ == ~std::uint32_t{0}) {
            entries_.assign(is_too_large ? std::bit_ceil(std::max(least_capacity, size_ * 2)) : entries_.size(), Entry{});
            round_ = 0;
        }
        ++round_;
        size_ = 0;
    }

  private:
    static constexpr std::size_t least_capacity = 256;
    struct Entry {
        chain::Fingerprint state;
        std::uint32_t value = 0;
        std::uint32_t round = 0;  // an entry of an earlier round is none
    };

    // Returns the place of the state's entry, or of the one that it may take. There is one.
    [[nodiscard]] std::size_t find(const std::vector<Entry>& entries, const chain::Fingerprint& state) const {
        const std::size_t mask = entries.size() - 1;
        std::size_t at = (state.low ^ state.high * 0x9e3779b97f4a7c15ULL) & mask;
        while (entries[at].round == round_ && entries[at].state != state) at = (at + 1) & mask;
        return at;
    }

    void grow() {
        std::vector<Entry> larger(entries_.empty() ? least_capacity : entries_.size() * 2);
        for (const Entry& entry : entries_)
            if (entry.round == round_) larger[find(larger, entry.state)] = entry;
        entries_ = std::move(larger);
    }

    std::vector<Entry> entries_;  // their number is a power of two; at most three quarters are taken
    std::size_t size_ = 0;
    std::uint32_t round_ = 1;
};

}  // namespace interlock::analyzer
