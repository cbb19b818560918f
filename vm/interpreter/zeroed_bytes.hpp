// Bytes that read as zero until they are written, and cost nothing until then. Memory's quadratic price lets a frame of
// thirty million gas own 120 MB, of which programs rarely touch a page.
//
// Linux provides such pages anyway, so only bytes that were written are cleared: by writing zeros or, for large ranges,
// by returning the pages. On other systems everything that is reserved is cleared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

namespace interlock::vm {

class ZeroedBytes {
  public:
    ZeroedBytes() = default;
    ~ZeroedBytes();
    ZeroedBytes(ZeroedBytes&& other) noexcept { swap(other); }
    ZeroedBytes& operator=(ZeroedBytes&& other) noexcept {
        swap(other);
        return *this;
    }

    [[nodiscard]] std::uint8_t* data() { return bytes_; }
    [[nodiscard]] const std::uint8_t* data() const { return bytes_; }
    [[nodiscard]] std::size_t capacity() const { return capacity_; }

    // Makes room for at least this many bytes, and may move them. Throws std::bad_alloc without changing anything.
    void reserve(std::size_t bytes);

    // Releases everything above this many bytes.
    void shrink_to(std::size_t bytes);

    // Zeroes the bytes from `begin` to `end`, which must be within the capacity.
    void clear(std::size_t begin, std::size_t end) {
        if (end - begin == 32)
            std::memset(bytes_ + begin, 0, 32);  // programs mostly ask for one word, which is cleared here without a call
        else if (begin < written_) clear_written(begin, end < written_ ? end : written_);
    }

    // Must be called for bytes that were written, before any of them is cleared again.
    void mark_written(std::size_t end) {
        if (end > written_) written_ = end;
    }

  private:
    void swap(ZeroedBytes& other) noexcept {
        std::swap(bytes_, other.bytes_);
        std::swap(capacity_, other.capacity_);
        std::swap(written_, other.written_);
    }
    void clear_written(std::size_t begin, std::size_t end);

    std::uint8_t* bytes_ = nullptr;
    std::size_t capacity_ = 0;
    std::size_t written_ = 0;  // from here on nothing was written and all bytes are zero
};

}  // namespace interlock::vm
