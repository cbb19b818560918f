// Remembers hashes by which storage is found: contracts hash the same 64 bytes, a key and a mapping's slot, or the same
// 32, an array's slot, at each access.
//
// The memory is small, direct-mapped and exact: the whole input is compared. Inputs that fall on the same place only
// push each other out.
#pragma once

#include <array>

#include "vm/bytes.hpp"

namespace interlock::vm {

class KeccakMemo {
  public:
    // Whether inputs of so many bytes are remembered.
    [[nodiscard]] static constexpr bool remembers(std::size_t size) { return size == most_bytes || size == most_bytes / 2; }

    // Returns the Keccak-256 of an input that is remembered.
    [[nodiscard]] const Hash& hash(ByteView input);

  private:
    static constexpr std::size_t most_bytes = 64;
    using Lanes = std::array<std::uint64_t, most_bytes / 8>;
    struct Entry {
        Lanes input{};
        Hash digest;
        std::size_t size = 0;  // of the input; zero: there is none
    };
    static constexpr std::size_t bits = 8, count = std::size_t{1} << bits;
    std::array<Entry, count> entries_{};
};

// The calling thread's.
[[nodiscard]] KeccakMemo& keccak_memo();

}  // namespace interlock::vm
