// The DAO fork: the ether that an attacker had drained by reentrancy went into a contract which gave it back.
// (EIP-779. The accounts are a fact of mainnet's history: dao_accounts.inc.)
#pragma once

#include "chain/state.hpp"

namespace interlock::chain {

inline constexpr std::uint64_t dao_marked_blocks = 10;  // whose extra data say which side they are on

[[nodiscard]] constexpr bool is_dao_marked(std::uint64_t number, std::uint64_t dao_block) {
    return number >= dao_block && number - dao_block < dao_marked_blocks;
}
[[nodiscard]] const Bytes& dao_extra_data();  // "dao-hard-fork"

// Moves all that the drained accounts have to the refund contract.
void move_dao_ether(State&);

}  // namespace interlock::chain
