// Receipts and logs as blocks commit to them. (Yellow Paper, section 4.3.1; EIP-658, EIP-2718.)
#pragma once

#include "chain/rlp.hpp"
#include "chain/transaction.hpp"
#include "vm/host.hpp"

namespace interlock::chain {

// 2048 bits, three of which are set for each logged address and topic. It answers "may this block contain …?" at once.
using Bloom = std::array<std::uint8_t, 256>;
[[nodiscard]] Bloom bloom_of(std::span<const vm::Log>);
[[nodiscard]] bool may_contain(const Bloom&, ByteView address_or_topic);

[[nodiscard]] Bytes encode_logs(std::span<const vm::Log>);

// Encodes [status, gas used by the block so far, bloom, logs], preceded by the transaction's type byte.
[[nodiscard]] Bytes encode_receipt(TransactionType, bool success, std::uint64_t cumulative_gas, std::span<const vm::Log>);

// The same before Byzantium (EIP-658), when the state root after the transaction took the place of the status.
[[nodiscard]] Bytes encode_receipt(const Hash& state_root, std::uint64_t cumulative_gas, std::span<const vm::Log>);

// The same in two steps, of which the first needs not know what gas was used before. It can be left out if there are no logs.
void append_bloom_and_logs(rlp::Encoder& out, std::span<const vm::Log> logs);
[[nodiscard]] Bytes encode_receipt_of(TransactionType, bool success, std::uint64_t cumulative_gas, ByteView bloom_and_logs);

}  // namespace interlock::chain
