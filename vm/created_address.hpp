// The address of a new contract. (Yellow Paper, equation 92; EIP-1014.)
#pragma once

#include "vm/bytes.hpp"
#include "vm/word.hpp"

namespace interlock::vm {

// keccak(rlp([creator, nonce]))[12:]: a creating transaction, or CREATE.
[[nodiscard]] Address created_address(const Address& creator, std::uint64_t nonce);

// keccak(0xff ++ creator ++ salt ++ keccak(init_code))[12:]: CREATE2.
[[nodiscard]] Address created_address(const Address& creator, const Word& salt, ByteView init_code);

}  // namespace interlock::vm
