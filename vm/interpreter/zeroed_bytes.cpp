#include "vm/interpreter/zeroed_bytes.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace interlock::vm {
namespace {

#if defined(__linux__)

// This is a whole number of pages on every CPU that Linux usually runs on: pages have 4, 16 or 64 KiB.
constexpr std::size_t page = std::size_t{64} << 10;

// Returning pages costs more than writing zeros where they are written again, each with a fault: programs that use memory
// use it in run after run. Only unusually much is returned.
constexpr std::size_t worth_giving_back = std::size_t{64} << 20;

// Grows or shrinks the mapping, which may move it. A null mapping is created. `to` must not be zero.
std::uint8_t* remap(std::uint8_t* bytes, std::size_t from, std::size_t to) {
    void* const mapped =
        bytes == nullptr ? ::mmap(nullptr, to, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
                         : ::mremap(bytes, from, to, MREMAP_MAYMOVE);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    return static_cast<std::uint8_t*>(mapped);
}
void unmap(std::uint8_t* bytes, std::size_t size) {
    if (bytes != nullptr) ::munmap(bytes, size);
}
bool give_back(std::uint8_t* bytes, std::size_t size) { return ::madvise(bytes, size, MADV_DONTNEED) == 0; }

#else

constexpr std::size_t page = 1;
constexpr std::size_t worth_giving_back = SIZE_MAX;

std::uint8_t* remap(std::uint8_t* bytes, std::size_t from, std::size_t to) {
    void* const moved = std::realloc(bytes, to);
    if (moved == nullptr) throw std::bad_alloc();
    if (to > from) std::memset(static_cast<std::uint8_t*>(moved) + from, 0, to - from);
    return static_cast<std::uint8_t*>(moved);
}
void unmap(std::uint8_t* bytes, std::size_t) { std::free(bytes); }
bool give_back(std::uint8_t*, std::size_t) { return false; }

#endif

constexpr std::size_t up_to_page(std::size_t bytes) { return (bytes + page - 1) / page * page; }

}  // namespace

ZeroedBytes::~ZeroedBytes() { unmap(bytes_, capacity_); }

void ZeroedBytes::reserve(std::size_t bytes) {
    if (bytes <= capacity_) return;
    const std::size_t grown = up_to_page(std::max(bytes, 2 * capacity_));
    bytes_ = remap(bytes_, capacity_, grown);
    capacity_ = grown;
}

void ZeroedBytes::shrink_to(std::size_t bytes) {
    const std::size_t kept = up_to_page(bytes);
    if (kept >= capacity_) return;
    if (kept == 0) {
        unmap(bytes_, capacity_);
        bytes_ = nullptr;
    } else {
        bytes_ = remap(bytes_, capacity_, kept);
    }
    capacity_ = kept;
    written_ = std::min(written_, kept);
}

void ZeroedBytes::clear_written(std::size_t begin, std::size_t end) {
    if (end - begin >= worth_giving_back) {
        const std::size_t first = up_to_page(begin), last = end / page * page;
        if (give_back(bytes_ + first, last - first)) {
            std::memset(bytes_ + begin, 0, first - begin);
            std::memset(bytes_ + last, 0, end - last);
            return;
        }
    }
    std::memset(bytes_ + begin, 0, end - begin);
}

}  // namespace interlock::vm
