// Contracts that the protocol itself calls, before a block's transactions and behind them.
// (EIP-4788, EIP-2935, EIP-7002, EIP-7251.)
#pragma once

#include "chain/refusal.hpp"
#include "chain/state.hpp"

namespace interlock::chain {

[[nodiscard]] const Address& beacon_roots_contract();    // EIP-4788: keeps the beacon chain's roots
[[nodiscard]] const Address& history_contract();         // EIP-2935: keeps block hashes
[[nodiscard]] const Address& withdrawals_contract();     // EIP-7002: a queue of withdrawal requests
[[nodiscard]] const Address& consolidations_contract();  // EIP-7251: a queue of consolidation requests

// Puts all of them into a state that is to be a genesis, with the code that they have on mainnet; leaves alone what has code.
void deploy_system_contracts(State&);

struct SystemCall {
    vm::Status status = vm::Status::Success;
    Bytes output;
};

// Calls from the system address, with thirty million units of gas that nobody pays for. What it does to the state stays;
// a call that fails does nothing.
[[nodiscard]] SystemCall call_system_contract(State&, const Address& contract, ByteView input);

}  // namespace interlock::chain
