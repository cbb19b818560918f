// Contracts that the protocol itself calls before and after a block's transactions.
// (EIP-4788, EIP-2935, EIP-7002, EIP-7251.)
#pragma once

#include "chain/refusal.hpp"
#include "chain/state.hpp"

namespace interlock::chain {

[[nodiscard]] const Address& beacon_roots_contract();    // EIP-4788: keeps beacon roots
[[nodiscard]] const Address& history_contract();         // EIP-2935: keeps block hashes
[[nodiscard]] const Address& withdrawals_contract();     // EIP-7002: a queue of withdrawal requests
[[nodiscard]] const Address& consolidations_contract();  // EIP-7251: a queue of consolidation requests

// Deploys all of them, with their code on mainnet, into a state that will be a genesis. Accounts that have code stay as
// they are.
void deploy_system_contracts(State&);

struct SystemCall {
    vm::Status status = vm::Status::Success;
    Bytes output;
};

// Calls a contract from the system address with thirty million units of gas that nobody pays for. The call's changes of
// the state persist; a failed call changes nothing.
[[nodiscard]] SystemCall call_system_contract(State&, const Address& contract, ByteView input);

}  // namespace interlock::chain
