// The contracts of the environment: what a contract under check expects to find on the chain and its source does not
// contain, above all tokens. They are written in our own language and are part of every attack that needs them.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "lang/compile.hpp"

namespace interlock::analyzer {

// "Token": a plain ERC-20. "HookToken": the same, but it calls registered senders and receivers (ERC-777). "CallingToken": it
// calls who gets some if the sender wants that (ERC-1363, ERC-677). "WrappedEther": the same for ether that is kept there
// (WETH). "AnsweringToken": an ERC-20 that answers other questions, too. "Collectible": an ERC-721. "Collection": an ERC-1155. "Colluder": the attacker's second contract
// (devnet/colluder.hpp).
[[nodiscard]] const lang::Compilation& environment();
// Returns the source of those contracts of the environment, and of what they inherit from.
[[nodiscard]] std::string environment_source(const std::set<std::string>& names);

// Returns the names of the environment's contracts that can stand for an interface, the plainest first. None fits an
// interface that has nothing of a token.
[[nodiscard]] std::vector<std::string> environment_for(const lang::ir::Contract& interface);
// Returns whether a contract of the environment can stand for the interface.
[[nodiscard]] bool can_stand_for(const lang::Artifact& artifact, const lang::ir::Contract& interface);
// Returns what the interface of a token asks that a plain one does not answer.
[[nodiscard]] std::vector<lang::ir::Method> asked_beside(const lang::ir::Contract& interface);

// The parts of the token standards that the analyzer uses. (ERC-20, ERC-721, ERC-1155)
namespace token_selector {
inline constexpr std::uint32_t balance_of = 0x70a08231;          // balanceOf(address)
inline constexpr std::uint32_t balance_of_id = 0x00fdd58e;       // balanceOf(address,uint256)
inline constexpr std::uint32_t id_balance_of = 0x3656eec2;       // balanceOf(uint256,address), of a mapping of mappings
inline constexpr std::uint32_t transfer = 0xa9059cbb;            // transfer(address,uint256)
inline constexpr std::uint32_t transfer_and_call = 0x4000aea0;   // transferAndCall(address,uint256,bytes), ERC-1363, ERC-677
inline constexpr std::uint32_t transfer_from = 0x23b872dd;       // transferFrom(address,address,uint256)
inline constexpr std::uint32_t approve = 0x095ea7b3;             // approve(address,uint256)
inline constexpr std::uint32_t allowance = 0xdd62ed3e;           // allowance(address,address)
inline constexpr std::uint32_t owner_of = 0x6352211e;            // ownerOf(uint256)
inline constexpr std::uint32_t safe_transfer_from = 0x42842e0e;  // safeTransferFrom(address,address,uint256)
inline constexpr std::uint32_t safe_transfer_from_with_data = 0xb88d4fde;  // safeTransferFrom(address,address,uint256,bytes)
inline constexpr std::uint32_t set_approval_for_all = 0xa22cb465;          // setApprovalForAll(address,bool)
}  // namespace token_selector

}  // namespace interlock::analyzer
