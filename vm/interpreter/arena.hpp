// Stack space and memory, shared by all frames of a machine: a frame's part begins where its caller's ends.
//
// A call therefore allocates nothing; the arenas grow by doubling and are kept. Growing moves them, so frames hold
// offsets, and pointers are taken anew whenever another frame runs.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "vm/gas.hpp"
#include "vm/word.hpp"

namespace interlock::vm {

// Uninitialised items that may move when more are asked for.
template <class T>
class GrowingBuffer {
  public:
    explicit GrowingBuffer(std::size_t items) { reserve(items); }

    [[nodiscard]] T* data() { return items_.get(); }
    [[nodiscard]] const T* data() const { return items_.get(); }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }

    void reserve(std::size_t items) {
        if (items <= capacity_) return;
        const std::size_t wanted = std::max(items, 2 * capacity_);
        void* const moved = std::realloc(items_.get(), wanted * sizeof(T));
        if (moved == nullptr) throw std::bad_alloc();
        static_cast<void>(items_.release());
        items_.reset(static_cast<T*>(moved));
        capacity_ = wanted;
    }

  private:
    static_assert(std::is_trivially_copyable_v<T>);
    struct Free {
        void operator()(T* items) const { std::free(items); }
    };
    std::unique_ptr<T, Free> items_;
    std::size_t capacity_ = 0;
};

// EIP-150's memory price: linear, and quadratic from about 700 bytes on. (Yellow Paper, equation 326.)
[[nodiscard]] constexpr Gas memory_price(std::uint64_t bytes) {
    const std::uint64_t words = (bytes + 31) / 32;
    return {static_cast<std::int64_t>(3 * words + words * words / 512)};
}

// The memory of the running frame, on top of its callers'.
class Memory {
  public:
    explicit Memory(std::size_t max_bytes) : max_bytes_(max_bytes), buffer_(std::size_t{16} << 10) {}

    [[nodiscard]] std::uint8_t* data() { return data_; }
    [[nodiscard]] const std::uint8_t* data() const { return data_; }
    [[nodiscard]] std::size_t size() const { return size_; }  // bytes; a multiple of 32
    [[nodiscard]] std::size_t base() const { return base_; }

    // From now on the running frame's memory is these bytes of the arena.
    void select(std::size_t base, std::size_t size) {
        base_ = base;
        size_ = size;
        data_ = buffer_.data() + base;
    }

    // Makes the bytes below `end` usable and charges for those that were not. False: it cannot be paid.
    [[nodiscard, gnu::always_inline]] inline bool extend_to(std::uint64_t end, Gas& gas) {
        return end <= size_ || grow(end, gas);
    }

    // The same for a range of words off the stack; an empty range is free wherever it is.
    [[nodiscard]] bool extend(const Word& offset, const Word& size, Gas& gas) {
        if (size.is_zero()) return true;
        if (!offset.fits_u64() || !size.fits_u64() || (offset.low64() | size.low64()) >> 32 != 0) return false;
        return extend_to(offset.low64() + size.low64(), gas);
    }

    // After `extend`: the range; empty when its size is zero, whatever the offset.
    [[nodiscard]] std::span<std::uint8_t> range(const Word& offset, const Word& size) {
        if (size.is_zero()) return {};
        return {data_ + offset.low64(), size.low64()};
    }

    // All frames' memory, for snapshots. After `assign`, select a frame's.
    [[nodiscard]] ByteView first(std::size_t bytes) const { return {buffer_.data(), bytes}; }
    void assign(ByteView bytes) {
        buffer_.reserve(bytes.size());
        std::copy(bytes.begin(), bytes.end(), buffer_.data());
    }

  private:
    [[nodiscard, gnu::noinline]] bool grow(std::uint64_t end, Gas& gas) {
        if (end > max_bytes_ - base_) return false;
        const std::size_t grown = (end + 31) / 32 * 32;
        gas -= memory_price(grown) - memory_price(size_);
        if (gas < Gas{0}) return false;
        buffer_.reserve(base_ + grown);
        data_ = buffer_.data() + base_;
        std::memset(data_ + size_, 0, grown - size_);
        size_ = grown;
        return true;
    }

    const std::size_t max_bytes_;
    GrowingBuffer<std::uint8_t> buffer_;
    std::uint8_t* data_ = buffer_.data();
    std::size_t base_ = 0;
    std::size_t size_ = 0;
};

}  // namespace interlock::vm
