// What the execution layer asks of the beacon chain: deposits, withdrawals, consolidations. (EIP-7685; 6110, 7002, 7251.)
#pragma once

#include "chain/refusal.hpp"
#include "chain/state.hpp"

namespace interlock::chain {

enum class RequestType : std::uint8_t { Deposit = 0, Withdrawal = 1, Consolidation = 2 };

// Adds the deposit that a log of the deposit contract reports: key, credentials, amount, signature and index, 192 bytes.
// Nothing when it is another kind of log. False: it is no deposit though it says so.
[[nodiscard]] bool append_deposit(Bytes& deposits, const vm::Log&);

// Empties a queue that a system contract keeps; the requests go to `out`.
[[nodiscard]] BlockRefusal take_requests(State&, const Address& contract, Bytes& out);

// sha256 of the sha256s of type and data of each; those without data are left out. `requests` is indexed by type.
[[nodiscard]] Hash hash_of_requests(std::span<const Bytes, 3> requests);

}  // namespace interlock::chain
