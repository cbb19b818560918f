#include "analyzer/engine/fingerprint_table.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <vector>

namespace interlock::analyzer::engine {

namespace {

constexpr std::size_t least_huge_bytes = std::size_t{8} << 20;  // a larger table may have huge pages

std::uint64_t most_in(std::size_t capacity) { return capacity / 100 * 78 + capacity % 100 * 78 / 100; }

std::size_t bytes_for(std::size_t capacity) { return (capacity + 1) * sizeof(std::uint64_t); }

// Fresh pages are zero, and cost nothing before they are written to.
std::uint64_t* checked(void* memory, std::size_t bytes) {
    if (memory == MAP_FAILED) throw std::bad_alloc();
    if (bytes >= least_huge_bytes) ::madvise(memory, bytes, MADV_HUGEPAGE);
    return static_cast<std::uint64_t*>(memory);
}

std::uint64_t* allocate(std::size_t capacity) {
    const std::size_t bytes = bytes_for(capacity);
    return checked(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), bytes);
}

}  // namespace

FingerprintTable::FingerprintTable(std::size_t capacity)
    : slots_(allocate(std::max(capacity, least_capacity))),
      capacity_(std::max(capacity, least_capacity)),
      most_(most_in(capacity_)) {}

FingerprintTable::~FingerprintTable() { ::munmap(slots_, bytes_for(capacity_)); }

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

// The last fingerprint moves first. Its new place is not in front of the old one, so whatever stands there has moved
// already. The exceptions, of which there are a few at the front, are kept aside until all others have moved.
void FingerprintTable::grow() {
    const std::size_t before = capacity_, after = before + before / 4;
    slots_ = checked(::mremap(slots_, bytes_for(before), bytes_for(after), MREMAP_MAYMOVE), bytes_for(after));
    capacity_ = after;
    most_ = most_in(after);

    std::vector<std::uint64_t> aside;
    std::uint64_t* const end = slots_ + after;
    for (std::uint64_t* old = slots_ + before; old-- != slots_;) {
        const std::uint64_t fingerprint = *old;
        if (fingerprint == 0) continue;
        *old = 0;
        std::uint64_t* slot = slots_ + place_of(fingerprint, after);
        if (slot < old) slot = end;
        while (*slot != 0) ++slot;
        if (slot == end) aside.push_back(fingerprint);
        else *slot = fingerprint;
    }
    for (const std::uint64_t fingerprint : aside) {
        std::uint64_t* slot = slots_ + place_of(fingerprint, after);
        while (*slot != 0) ++slot;
        if (slot == end)
            for (slot = slots_; *slot != 0;) ++slot;
        *slot = fingerprint;
    }
}

}  // namespace interlock::analyzer::engine
