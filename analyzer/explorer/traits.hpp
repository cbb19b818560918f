// Traits of contracts that tell which calls are worth trying.
#pragma once

#include <cstdint>
#include <set>
#include <span>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer {

// Returns whether the contract calls functions with one of these selectors.
[[nodiscard]] bool calls_one_of(const lang::ir::Contract& contract, std::span<const std::uint32_t> selectors);
// Returns whether tokens may simply be sent to the contract: it is told of them, or asks how many somebody has, as
// exchanges do that compare what they have with what they had.
[[nodiscard]] bool expects_tokens(const lang::ir::Contract& contract);
// Returns whether tokens call the function on those who get some (ERC-223, 677, 721, 777, 1155, 1363).
[[nodiscard]] bool tells_of_tokens(std::uint32_t selector);
// Returns whether tokens tell the contract of what it gets (ERC-223, 677, 721, 777, 1155, 1363).
[[nodiscard]] bool is_told_of_tokens(const lang::ir::Contract& contract);
// Returns whether the contract, or one function of it with all that it calls, takes tokens from those who approved it.
[[nodiscard]] bool moves_tokens(const lang::ir::Contract& contract);
[[nodiscard]] bool moves_tokens(const lang::ir::Contract& contract, std::uint32_t function);
// Returns whether the contract creates others from code in its memory.
[[nodiscard]] bool creates_from_bytes(const lang::ir::Contract& contract);
// Whether it asks which accounts have code, or which one began the transaction.
[[nodiscard]] bool asks_for_plain_accounts(const lang::ir::Contract& contract);
// Whether it asks which account began the transaction.
[[nodiscard]] bool asks_who_began(const lang::ir::Contract& contract);
// Returns whether a function of the contract runs code as its own, perhaps a batch of calls of itself.
[[nodiscard]] bool delegates_in_functions(const lang::ir::Contract& contract);
// Returns whether the contract makes calls of which the source tells neither the function nor that there is none: it may be
// one that it was given.
[[nodiscard]] bool carries_calls(const lang::ir::Contract& contract);
// Returns whether the contract asks who signed something.
[[nodiscard]] bool recovers_signers(const lang::ir::Contract& contract);

// Returns whether the code computes with prices or shares.
[[nodiscard]] bool multiplies_and_divides(const lang::ir::Contract& contract);

// Returns whether the instruction stands somewhere in the code.
[[nodiscard]] bool has_opcode(vm::ByteView code, vm::Opcode opcode);

// Returns the hashes of names that the code writes out: of roles, of kinds.
[[nodiscard]] std::vector<vm::Word> hashed_names(const lang::ir::Contract& contract);
// Returns whether the code asks if an address that it is passed is zero, and goes on either way. `parameter`: its position.
[[nodiscard]] bool may_be_nobody(const lang::ir::Contract& contract, const lang::ir::Function& function,
                                 std::size_t parameter);
// Returns the variables with an address of which the code asks if it is zero, and goes on either way: ether for a token.
[[nodiscard]] std::set<std::uint32_t> variables_for_nobody(const lang::ir::Contract& contract);

}  // namespace interlock::analyzer
