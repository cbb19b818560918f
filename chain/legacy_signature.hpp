// A legacy signature's v holds the parity and, since EIP-155, the chain for which the signature is valid.
#pragma once

#include <cstdint>

namespace interlock::chain {

inline constexpr std::uint64_t unprotected_v = 27;  // v = 27 + parity: valid on every chain
inline constexpr std::uint64_t protected_v = 35;    // v = 35 + 2 * chain + parity

}  // namespace interlock::chain
