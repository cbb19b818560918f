// An object file placed in memory: just what the compiler's output needs (ELF for x86-64, one function, no symbol from
// elsewhere). Anything else is refused. (System V ABI, AMD64 supplement, section 4.4: relocations.)
#pragma once

#include <memory>

#include "vm/bytes.hpp"

namespace interlock::vm::jit {

// Pages that may be executed and not written.
class Pages {
  public:
    Pages(const Pages&) = delete;
    Pages& operator=(const Pages&) = delete;
    ~Pages();

    // Returns null unless the object is whole, names no foreign symbol, is no larger than `max_bytes` and has the function.
    [[nodiscard]] static std::unique_ptr<Pages> place(ByteView object, const char* function, std::size_t max_bytes);

    [[nodiscard]] const void* function() const { return function_; }
    [[nodiscard]] std::size_t size() const { return size_; }

  private:
    Pages(std::uint8_t* bytes, std::size_t size) : bytes_(bytes), size_(size) {}

    std::uint8_t* bytes_;
    std::size_t size_;
    const void* function_ = nullptr;
};

}  // namespace interlock::vm::jit
