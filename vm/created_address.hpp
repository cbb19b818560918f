// The address of a new contract. (Yellow Paper, equation 92; EIP-1014.)
#pragma once

#include "vm/bytes.hpp"
#include "vm/word.hpp"

namespace interlock::vm {

// The address that a creating transaction or CREATE gives: keccak(rlp([creator, nonce]))[12:].
[[nodiscard]] Address created_address(const Address& creator, std::uint64_t nonce);

// The address that CREATE2 gives: keccak(0xff ++ creator ++ salt ++ keccak(init_code))[12:].
[[nodiscard]] Address created_address(const Address& creator, const Word& salt, ByteView init_code);

}  // namespace interlock::vm
