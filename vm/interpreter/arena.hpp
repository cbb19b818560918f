// Stack space and memory, shared by all frames of a machine: a frame's part begins where its caller's ends.
//
// A call therefore allocates and copies nothing: its input is a range of its caller's memory, which cannot change while
// the call is open. The arenas grow by doubling and are kept up to a certain size. Growing moves them, so frames hold
// offsets, and pointers are computed again whenever another frame runs.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "vm/bytes.hpp"
#include "vm/gas.hpp"
#include "vm/interpreter/zeroed_bytes.hpp"
#include "vm/word.hpp"

namespace interlock::vm {

// Uninitialised items. Asking for more may move them.
template <class T>
class GrowingBuffer {
  public:
    GrowingBuffer() = default;
    GrowingBuffer(GrowingBuffer&& other) noexcept
        : items_(std::move(other.items_)), capacity_(std::exchange(other.capacity_, 0)) {}
    GrowingBuffer& operator=(GrowingBuffer&& other) noexcept {
        items_ = std::move(other.items_);
        capacity_ = std::exchange(other.capacity_, 0);
        return *this;
    }

    [[nodiscard]] T* data() { return items_.get(); }
    [[nodiscard]] const T* data() const { return items_.get(); }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }

    void reserve(std::size_t items) {
        if (items > capacity_) resize(std::max(items, 2 * capacity_));
    }

    // Releases everything above this many items.
    void shrink_to(std::size_t items) {
        if (items < capacity_) resize(items);
    }

  private:
    void resize(std::size_t items) {
        void* const moved = std::realloc(items_.get(), items * sizeof(T));
        if (moved == nullptr) throw std::bad_alloc();
        static_cast<void>(items_.release());
        items_.reset(static_cast<T*>(moved));
        capacity_ = items;
    }

    static_assert(std::is_trivially_copyable_v<T>);
    struct Free {
        void operator()(T* items) const { std::free(items); }
    };
    std::unique_ptr<T, Free> items_;
    std::size_t capacity_ = 0;
};

// EIP-150's memory price, which is linear at first and quadratic from about 700 bytes on. (Yellow Paper, equation 326.)
[[nodiscard]] constexpr Gas memory_price(std::uint64_t bytes) {
    const std::uint64_t words = (bytes + 31) / 32;
    return {static_cast<std::int64_t>(3 * words + words * words / 512)};
}

// A range of bytes in the memory arena, given by its offset there.
struct ArenaRange {
    std::size_t offset = 0;
    std::size_t size = 0;
};

// The memory of the running frame, which lies above its callers' memory, and the frame's input.
class Memory {
  public:
    static constexpr std::size_t initial_bytes = std::size_t{16} << 10;

    Memory(std::size_t max_bytes, ZeroedBytes buffer) : max_bytes_(max_bytes), buffer_(std::move(buffer)) {
        buffer_.reserve(initial_bytes);
        data_ = buffer_.data();
    }

    [[nodiscard]] std::uint8_t* data() { return data_; }
    [[nodiscard]] const std::uint8_t* data() const { return data_; }
    [[nodiscard]] std::size_t size() const { return size_; }  // bytes; a multiple of 32
    [[nodiscard]] std::size_t base() const { return base_; }
    [[nodiscard]] ByteView input() const { return {input_, input_size_}; }

    // Makes these bytes of the arena the running frame's memory, and `input` its input.
    void select(std::size_t base, std::size_t size, ArenaRange input) {
        buffer_.mark_written(base_ + size_);  // by the frame that ran until now
        base_ = base;
        size_ = size;
        price_ = memory_price(size);
        input_offset_ = input.offset;
        input_size_ = input.size;
        find_pointers();
    }

    // Makes all bytes below `end` usable and charges for the new ones. Returns false if the gas is not enough.
    [[nodiscard, gnu::always_inline]] inline bool extend_to(std::uint64_t end, Gas& gas) {
        return end <= size_ || grow(end, gas);
    }

    // The same, in the caller's own code: for who does hardly anything else.
    [[nodiscard, gnu::always_inline]] inline bool extend_here(std::uint64_t end, Gas& gas) {
        return end <= size_ || grow_here(end, gas);
    }

    // Makes memory larger by the next word, or returns false and does nothing: what stands in the way is for `extend_to`.
    [[nodiscard, gnu::always_inline]] inline bool extend_by_word(Gas& gas) {
        const std::size_t grown = size_ + 32, end = base_ + grown;
        const Gas price = memory_price(grown), left = gas - (price - price_);
        if (end > buffer_.capacity() || end > max_bytes_ || left < Gas{0}) return false;
        buffer_.clear(end - 32, end);
        size_ = grown;
        price_ = price;
        gas = left;
        return true;
    }

    // As `extend_to`, for a range given by words from the stack. An empty range is free at any offset.
    [[nodiscard]] bool extend(const Word& offset, const Word& size, Gas& gas) {
        if (size.is_zero()) return true;
        if (!offset.fits_u64() || !size.fits_u64() || (offset.low64() | size.low64()) >> 32 != 0) return false;
        return extend_to(offset.low64() + size.low64(), gas);
    }

    // Returns the range after `extend`. It is empty when its size is zero, whatever the offset.
    [[nodiscard]] std::span<std::uint8_t> range(const Word& offset, const Word& size) {
        if (size.is_zero()) return {};
        return {data_ + offset.low64(), size.low64()};
    }

    // Returns where a range of the running frame lies in the arena; an empty range may lie anywhere.
    [[nodiscard]] ArenaRange locate(const Word& offset, const Word& size) const {
        return {size.is_zero() ? base_ : base_ + offset.low64(), size.low64()};
    }
    [[nodiscard]] ByteView at(ArenaRange range) const { return {buffer_.data() + range.offset, range.size}; }

    // Writes beyond all frames' memory, or over all of it. The caller must select a frame's memory afterwards.
    ArenaRange put(std::size_t offset, ByteView bytes) {
        buffer_.reserve(offset + bytes.size());
        buffer_.mark_written(offset + bytes.size());
        std::copy(bytes.begin(), bytes.end(), buffer_.data() + offset);
        find_pointers();
        return {offset, bytes.size()};
    }

    // Releases everything above this many bytes of the arena, none of which is in use.
    void shrink_to(std::size_t bytes) {
        buffer_.shrink_to(bytes);
        find_pointers();
    }
    [[nodiscard]] ZeroedBytes take_buffer() { return std::move(buffer_); }

  private:
    [[nodiscard, gnu::noinline]] bool grow(std::uint64_t end, Gas& gas) { return grow_here(end, gas); }
    [[nodiscard, gnu::always_inline]] inline bool grow_here(std::uint64_t end, Gas& gas) {
        if (base_ + end > max_bytes_) return false;
        const std::size_t grown = (end + 31) / 32 * 32;
        const Gas price = memory_price(grown);
        gas -= price - price_;
        if (gas < Gas{0}) return false;
        price_ = price;
        if (base_ + grown > buffer_.capacity()) {
            buffer_.reserve(base_ + grown);
            find_pointers();
        }
        buffer_.clear(base_ + size_, base_ + grown);
        size_ = grown;
        return true;
    }

    void find_pointers() {
        data_ = buffer_.data() + base_;
        input_ = buffer_.data() + input_offset_;
    }

    const std::size_t max_bytes_;
    ZeroedBytes buffer_;
    std::uint8_t* data_ = nullptr;
    std::size_t base_ = 0;
    std::size_t size_ = 0;
    Gas price_;  // of the whole memory
    const std::uint8_t* input_ = nullptr;
    std::size_t input_offset_ = 0;
    std::size_t input_size_ = 0;
};

}  // namespace interlock::vm
