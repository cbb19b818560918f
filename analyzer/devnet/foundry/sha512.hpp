// SHA-512 (FIPS 180-4), which mnemonics are turned into keys with.
#pragma once

#include <array>
#include <cstdint>

#include "vm/bytes.hpp"

namespace interlock::analyzer::foundry {

using Hash512 = std::array<std::uint8_t, 64>;

[[nodiscard]] Hash512 sha512(vm::ByteView data);
[[nodiscard]] Hash512 hmac_sha512(vm::ByteView key, vm::ByteView data);  // RFC 2104

// PBKDF2 (RFC 8018, section 5.2), its first block.
[[nodiscard]] Hash512 pbkdf2_sha512(vm::ByteView password, vm::ByteView salt, std::uint32_t rounds);

}  // namespace interlock::analyzer::foundry
