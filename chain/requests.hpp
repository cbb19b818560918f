// Requests of the execution layer to the beacon chain: deposits, withdrawals, consolidations. (EIP-7685; 6110, 7002, 7251.)
#pragma once

#include "chain/refusal.hpp"
#include "chain/state.hpp"

namespace interlock::chain {

enum class RequestType : std::uint8_t { Deposit = 0, Withdrawal = 1, Consolidation = 2 };

// Appends the deposit that a log of the deposit contract reports: key, credentials, amount, signature and index, 192
// bytes. Other kinds of logs are ignored. Returns false if the log is a malformed deposit.
[[nodiscard]] bool append_deposit(Bytes& deposits, const vm::Log&);

// Empties the queue that a system contract keeps and appends the requests to `out`.
[[nodiscard]] BlockRefusal take_requests(State&, const Address& contract, Bytes& out);

// Returns the sha256 of the sha256 hashes of type and data of each request. Requests without data are left out.
// `requests` is indexed by type.
[[nodiscard]] Hash hash_of_requests(std::span<const Bytes, 3> requests);

}  // namespace interlock::chain
