// The DAO fork moved the ether that an attacker had drained by reentrancy into a contract that refunded it. (EIP-779.
// The list of accounts in dao_accounts.inc is a fact of mainnet's history.)
#pragma once

#include "chain/state.hpp"

namespace interlock::chain {

inline constexpr std::uint64_t dao_marked_blocks = 10;  // blocks whose extra data name the side of the fork

[[nodiscard]] constexpr bool is_dao_marked(std::uint64_t number, std::uint64_t dao_block) {
    return number >= dao_block && number - dao_block < dao_marked_blocks;
}
[[nodiscard]] const Bytes& dao_extra_data();  // "dao-hard-fork"

// Moves the whole balance of every drained account to the refund contract.
void move_dao_ether(State&);

}  // namespace interlock::chain
