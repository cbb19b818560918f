// The states that a search has seen, eight bytes each: a set of 64-bit fingerprints with open addressing.
//
// A fingerprint's place is its high bits scaled to the capacity, and from there the first free slot. So a larger table
// has the same order, and growing is one walk through the table, in place. That makes small steps cheap: the table grows
// by a quarter when it is 78 % full, so that a state costs from 10.3 to 12.9 bytes, also while it grows.
//
// Two states with the same fingerprint are taken for one: the later one is lost, with all that only it leads to.
// `collision_odds` bounds the probability that this has happened at all.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace interlock::analyzer::engine {

class FingerprintTable {
  public:
    static constexpr std::size_t least_capacity = 64;

    explicit FingerprintTable(std::size_t capacity = least_capacity);
    ~FingerprintTable();
    FingerprintTable(const FingerprintTable&) = delete;
    FingerprintTable& operator=(const FingerprintTable&) = delete;

    // Returns whether the fingerprint is new. The table grows as it must.
    bool insert(std::uint64_t fingerprint) {
        if (fingerprint == 0) fingerprint = 1;  // zero marks a free slot
        std::uint64_t* slot = slots_ + place_of(fingerprint, capacity_);
        for (; *slot != 0; ++slot)
            if (*slot == fingerprint) return false;
        if (slot == slots_ + capacity_) return insert_in_front(fingerprint);
        *slot = fingerprint;
        if (++size_ > most_) grow();
        return true;
    }

    // The same for several threads at once, without a lock. Neither counts nor grows: the callers count what was new, and
    // while one of them calls `grow_for`, none may be here. Until then there must be a free slot.
    bool insert_shared(std::uint64_t fingerprint) {
        if (fingerprint == 0) fingerprint = 1;
        std::uint64_t* slot = slots_ + place_of(fingerprint, capacity_);
        while (true) {
            std::uint64_t there = std::atomic_ref(*slot).load(std::memory_order_relaxed);
            if (there == fingerprint) return false;
            if (there != 0) ++slot;
            else if (slot == slots_ + capacity_) slot = slots_;
            else if (std::atomic_ref(*slot).compare_exchange_strong(there, fingerprint, std::memory_order_relaxed))
                return true;
        }
    }

    // The fingerprint is going to be inserted soon. Its line is only read: to own it would take it from other threads.
    void prefetch(std::uint64_t fingerprint) const { __builtin_prefetch(slots_ + place_of(fingerprint, capacity_)); }

    [[nodiscard]] bool is_full_with(std::uint64_t states) const { return states > most_; }
    [[nodiscard]] std::uint64_t most() const { return most_; }  // states that it takes as it is
    void grow_for(std::uint64_t states);

    [[nodiscard]] std::size_t capacity() const { return capacity_; }
    [[nodiscard]] std::size_t bytes() const { return capacity_ * sizeof(std::uint64_t); }

  private:
    static_assert(std::atomic_ref<std::uint64_t>::is_always_lock_free);

    bool insert_in_front(std::uint64_t fingerprint);  // there is no free slot behind its place
    void grow();                                      // throws std::bad_alloc

    static std::size_t place_of(std::uint64_t fingerprint, std::size_t capacity) {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::size_t>((static_cast<Wide>(fingerprint) * capacity) >> 64);
    }

    std::uint64_t* slots_;  // and one more, which is always free: where it is reached, the search goes on in front
    std::size_t capacity_;
    std::uint64_t size_ = 0, most_;  // more than `most_` states make it grow
};

// The probability that any two of `states` random fingerprints are equal is at most this. (The birthday bound)
[[nodiscard]] constexpr double collision_odds(std::uint64_t states) {
    const double n = static_cast<double>(states);
    return n * (n - 1) / 2 / 18446744073709551616.0;
}

}  // namespace interlock::analyzer::engine
