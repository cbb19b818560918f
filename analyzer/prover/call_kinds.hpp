// What kind a call is, read from the call itself.
#pragma once

#include "analyzer/prover/flow.hpp"

namespace interlock::analyzer::prover {

// How many words the call gives back.
[[nodiscard]] std::size_t results_of(const ir::Function& function, const ir::ExternalCall& call);

// That a call succeeded, or accepted what it got, is no answer.
[[nodiscard]] bool is_answer(const ir::Type& type);

// Whether its data are bytes that it is given whole.
[[nodiscard]] bool is_by_bytes(const ir::ExternalCall& call);

// Whether what transferFrom moves there are amounts: it answers whether that worked, as ERC-20's does and ERC-721's does not.
// Of bytes, all that the sources declare under its name do.
[[nodiscard]] bool moves_amounts(const CodeInScope& code, const ir::Contract& contract, const ir::ExternalCall& call);
[[nodiscard]] bool declare_amounts(const std::vector<const ir::Contract*>& contracts);

// Names of contracts and interfaces of the sources that are collections of tokens that are one of a kind: they tell who owns one.
[[nodiscard]] std::set<std::string> collections_of(const std::vector<const ir::Contract*>& contracts);

// Whether the method makes fungible tokens for somebody, or destroys somebody's: mint, burn, burnFrom.
[[nodiscard]] bool makes_tokens(std::optional<std::uint32_t> selector);

// What a call does to who has which tokens, if that is all: fungible ones that go out of the contract, one that goes out by
// transferFrom, which may be one of a kind, or any that come into it. One that comes in is another one than all that came in
// before; of amounts that go from hand to hand, which may be the contract's, some come in and some go out. Those that are made
// for others are as if they went out, and those of others that are destroyed as if they came in.
[[nodiscard]] std::set<Access> token_moves(std::optional<std::uint32_t> selector, const std::vector<Known>& arguments,
                                           bool are_amounts);

// Whether the method moves tokens, or lets somebody do so, and tells nobody: transfer, transferFrom, approve.
[[nodiscard]] bool only_moves_tokens(std::optional<std::uint32_t> selector);

// Whether it moves those of the account that is its first argument: transferFrom.
[[nodiscard]] bool moves_from_account(std::optional<std::uint32_t> selector);

// Whether the method only tells an account of tokens that it got.
[[nodiscard]] bool tells_receiver(std::optional<std::uint32_t> selector);
// Whether it only tells one who takes a loan that it is there, and is accepted or refused.
[[nodiscard]] bool tells_borrower(std::optional<std::uint32_t> selector);

// Whether contracts call the method for anybody who has them do so: of tokens that came or are to be spent, of a loan.
[[nodiscard]] bool is_hook(std::optional<std::uint32_t> selector);

// Whether the call is a method that asks a contract of tokens that are one of a kind: ownerOf, getApproved, isApprovedForAll,
// what is due to their author (ERC-2981), or what it is (ERC-165) and is called; or whose the contract is (ERC-173).
[[nodiscard]] bool asks_for_owners(const ir::Contract& contract, const ir::ExternalCall& call);

// Whether the call is a method that asks how many tokens there are: balanceOf, totalSupply, allowance.
[[nodiscard]] bool asks_for_holdings(const ir::Contract& contract, const ir::ExternalCall& call);

// Whether the call asks for something that does not depend on who holds what, as a price feed's price: no arguments, and not
// how many tokens there are, or lie in a pool; or for an account or a truth, as a registry tells, but not who owns what.
[[nodiscard]] bool asks_for_a_number(const ir::Contract& contract, const ir::ExternalCall& call);

// Whether the function reads and computes, and neither fails nor goes on for ever.
[[nodiscard]] bool always_answers(const ir::Contract& contract, std::uint32_t function);

// Whether the entry reads and returns, and cannot fail, as the view of a public variable.
[[nodiscard]] bool only_tells(const ir::Function& function);

// What is called may spend, if it gets `given`.
[[nodiscard]] Gas gas_of(const ir::ExternalCall& call, const Known& given, bool pays);

}  // namespace interlock::analyzer::prover
