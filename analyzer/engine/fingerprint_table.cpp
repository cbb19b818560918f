#include "analyzer/engine/fingerprint_table.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace interlock::analyzer::engine {

namespace {

constexpr std::size_t released_bytes = std::size_t{1} << 20;  // at a time; a multiple of every page size

std::uint64_t most_in(std::size_t capacity) { return capacity / 100 * 78 + capacity % 100 * 78 / 100; }

// Fresh pages are zero, and cost nothing before they are written to.
std::uint64_t* allocate(std::size_t capacity) {
    const std::size_t bytes = (capacity + 1) * sizeof(std::uint64_t);
    void* memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    return static_cast<std::uint64_t*>(memory);
}

void release(std::uint64_t* slots, std::size_t capacity) { ::munmap(slots, (capacity + 1) * sizeof(std::uint64_t)); }

}  // namespace

FingerprintTable::FingerprintTable(std::size_t capacity)
    : slots_(allocate(std::max(capacity, least_capacity))),
      capacity_(std::max(capacity, least_capacity)),
      most_(most_in(capacity_)) {}

FingerprintTable::~FingerprintTable() { release(slots_, capacity_); }

bool FingerprintTable::insert_in_front(std::uint64_t fingerprint) {
    std::uint64_t* slot = slots_;
    for (; *slot != 0; ++slot)
        if (*slot == fingerprint) return false;
    *slot = fingerprint;
    if (++size_ > most_) grow();
    return true;
}

void FingerprintTable::grow_for(std::uint64_t states) {
    size_ = states;
    while (size_ > most_) grow();
}

void FingerprintTable::grow() {
    const std::size_t larger = capacity_ + capacity_ / 4;
    std::uint64_t* const slots = allocate(larger);
    constexpr std::size_t piece = released_bytes / sizeof(std::uint64_t);
    for (std::size_t first = 0; first < capacity_; first += piece) {
        const std::size_t end = std::min(first + piece, capacity_);
        for (const std::uint64_t* old = slots_ + first; old != slots_ + end; ++old) {
            if (*old == 0) continue;
            std::uint64_t* slot = slots + place_of(*old, larger);
            while (*slot != 0) ++slot;
            if (slot == slots + larger)
                for (slot = slots; *slot != 0;) ++slot;
            *slot = *old;
        }
        if (end - first == piece) ::madvise(slots_ + first, released_bytes, MADV_DONTNEED);
    }
    release(slots_, capacity_);
    slots_ = slots;
    capacity_ = larger;
    most_ = most_in(larger);
}

}  // namespace interlock::analyzer::engine
