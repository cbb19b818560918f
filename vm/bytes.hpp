// Byte strings, addresses and hashes: the plain data of the machine.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace interlock::vm {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// N bytes compared in big-endian order. `Tag` keeps an address from being taken for a hash.
template <std::size_t N, class Tag>
struct FixedBytes {
    static constexpr std::size_t size = N;
    std::array<std::uint8_t, N> bytes{};

    friend auto operator<=>(const FixedBytes&, const FixedBytes&) = default;
    // The default would call memcmp; for a fixed size a few loads are enough.
    friend constexpr bool operator==(const FixedBytes& a, const FixedBytes& b) {
        if (std::is_constant_evaluated()) return a.bytes == b.bytes;
        return std::memcmp(a.bytes.data(), b.bytes.data(), N) == 0;
    }
    [[nodiscard]] operator ByteView() const { return bytes; }
    [[nodiscard]] bool is_zero() const { return *this == FixedBytes{}; }
};

using Address = FixedBytes<20, struct AddressTag>;  // an account
using Hash = FixedBytes<32, struct HashTag>;        // a Keccak-256 digest

// Writes "0x" and two lower-case digits per byte.
[[nodiscard]] std::string to_hex(ByteView bytes);

// Accepts an optional "0x" and an even number of digits of either case. Returns std::nullopt for anything else.
[[nodiscard]] std::optional<Bytes> parse_hex(std::string_view text);

// Accepts exactly 40 (64) digits after an optional "0x".
[[nodiscard]] std::optional<Address> parse_address(std::string_view text);
[[nodiscard]] std::optional<Hash> parse_hash(std::string_view text);

}  // namespace interlock::vm

template <std::size_t N, class Tag>
struct std::hash<interlock::vm::FixedBytes<N, Tag>> {
    std::size_t operator()(const interlock::vm::FixedBytes<N, Tag>& value) const noexcept {
        std::uint64_t head, tail;
        std::memcpy(&head, value.bytes.data(), 8);
        std::memcpy(&tail, value.bytes.data() + N - 8, 8);
        std::uint64_t h = (head ^ (tail * 0x9e3779b97f4a7c15ULL));
        h ^= h >> 32;
        h *= 0xd6e8feb86659fd93ULL;
        return h ^ (h >> 32);
    }
};
