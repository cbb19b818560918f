// A flat table keeps its entries in one array in the order of insertion and finds them through an open-addressing array
// of positions.
//
// Single entries are never removed, so an entry's index is a stable, dense name for it: journal records and linked lists hold
// indices. Entry has a member `key`; Hasher maps a key to 64 well mixed bits.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <limits>
#include <vector>

namespace interlock::chain {

template <class Entry, class Key, class Hasher>
class FlatTable {
  public:
    using Index = std::uint32_t;
    static constexpr Index none = std::numeric_limits<Index>::max();

    [[nodiscard]] Index find(const Key& key) const {
        if (positions_.empty()) return none;
        for (std::size_t at = Hasher{}(key)&mask();; at = (at + 1) & mask()) {
            const Index position = positions_[at];
            if (position == vacant || entries_[position].key == key) return position;
        }
    }

    // Returns the index of the key's entry and makes the entry if it is missing. This invalidates references to entries.
    Index at(const Key& key) {
        if (const Index found = find(key); found != none) return found;
        assert(entries_.size() < none);
        entries_.emplace_back().key = key;
        if (entries_.size() * 4 > positions_.size() * 3) grow();
        else place(static_cast<Index>(entries_.size() - 1));
        return static_cast<Index>(entries_.size() - 1);
    }

    // Have the processor fetch what a search for the key will look at, first where it begins, and then what stands there.
    // (GCC takes a function that only prefetches for one without effect, and calls of it for superfluous; hence the asm.)
    void prefetch_position(const Key& key) const {
        asm volatile("");
        if (!positions_.empty()) __builtin_prefetch(&positions_[Hasher{}(key)&mask()]);
    }
    void prefetch_entry(const Key& key) const {
        if (positions_.empty()) return;
        if (const Index position = positions_[Hasher{}(key)&mask()]; position != vacant) prefetch(position);
    }
    void prefetch(Index index) const {
        asm volatile("");
        const auto* const bytes = reinterpret_cast<const char*>(&entries_[index]);
        __builtin_prefetch(bytes);
        __builtin_prefetch(bytes + 64);
    }

    // The same for an entry that will be written: no other processor keeps it then.
    void prefetch_to_write(Index index) const {
        const auto* const bytes = reinterpret_cast<const char*>(&entries_[index]);
#if defined(__x86_64__)
        asm volatile("prefetchw %0\n\tprefetchw %1" : : "m"(*bytes), "m"(*(bytes + 64)));
#else
        asm volatile("");
        __builtin_prefetch(bytes, 1);
        __builtin_prefetch(bytes + 64, 1);
#endif
    }

    // Drops all entries, and keeps the space of a small table.
    void clear() {
        entries_.clear();
        positions_.assign(std::min(positions_.size(), kept_positions), vacant);
    }

    [[nodiscard]] Entry& operator[](Index index) { return entries_[index]; }
    [[nodiscard]] const Entry& operator[](Index index) const { return entries_[index]; }
    [[nodiscard]] Index size() const { return static_cast<Index>(entries_.size()); }
    [[nodiscard]] auto begin() const { return entries_.begin(); }
    [[nodiscard]] auto end() const { return entries_.end(); }

  private:
    static constexpr std::size_t kept_positions = 64;
    static constexpr Index vacant = none;  // so that a failed search can return the position as it is

    [[nodiscard]] std::size_t mask() const { return positions_.size() - 1; }

    void place(Index index) {
        std::size_t at = Hasher{}(entries_[index].key) & mask();
        while (positions_[at] != vacant) at = (at + 1) & mask();
        positions_[at] = index;
    }

    void grow() {
        positions_.assign(positions_.empty() ? 16 : positions_.size() * 2, vacant);
        for (Index index = 0; index < entries_.size(); ++index) place(index);
    }

    std::vector<Entry> entries_;
    std::vector<Index> positions_;  // its size is a power of two; at most three quarters are taken
};

}  // namespace interlock::chain
