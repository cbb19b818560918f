// Accounts in variables: who may be in them, and which of them are contracts of the scope.
#pragma once

#include "analyzer/prover/code_scope.hpp"

namespace interlock::analyzer::prover {

// Returns the accounts in variables that are no part of a mapping, an array or a struct.
[[nodiscard]] std::vector<std::pair<Area, const ir::StateVariable*>> accounts_of(const CodeInScope& code);

// Returns whether the variable only ever gets a new contract of this identity, which the constructor makes.
[[nodiscard]] bool is_only_made(const ir::Contract& contract, std::uint32_t variable, const std::string& identity);
// Returns whether it only ever gets the account that creates the contract.
[[nodiscard]] bool holds_creator(const ir::Contract& contract, std::uint32_t variable);

// These fill in what the scope says of accounts, in this order: `holds` and `made`, `roles`, all of `holds`, `owners`,
// `oracles`. They throw NotCovered and OutOfTime.
void find_selves(CodeInScope& code, bool runs_elsewhere);
void find_written_out(CodeInScope& code);
void find_made(CodeInScope& code);
void find_roles(CodeInScope& code);
// Finds words in mappings that nobody ever writes, also no constructor.
void find_unset(CodeInScope& code);
// Finds mappings that tell who belongs to the staff. Needs the roles.
void find_members(CodeInScope& code);
void find_contracts(ScopeOfProof& scope);
// Returns how many variables of the contracts get one of this identity that their constructors make.
[[nodiscard]] std::size_t count_made(const std::vector<const ir::Contract*>& by, const std::string& identity);
// Returns how many variables of one contract are declared to hold one of this kind, if it is the only one that holds any.
[[nodiscard]] std::size_t count_declared(const std::vector<const ir::Contract*>& by, const ir::Contract& kind);
void find_owners(CodeInScope& code, const std::vector<const ir::Contract*>& contracts);
void find_oracles(CodeInScope& code);

// Finds entries that may call the contract itself, if nobody can have them do so before somebody with a right has decided that;
// none if there are others.
void find_alone(CodeInScope& code);
// Finds entries that work only once and call nobody, as contracts have in place of a constructor whose code a proxy runs:
// initializers by their names, and of the first contract, if a proxy runs it, those that name somebody.
void find_starters(CodeInScope& code, bool runs_elsewhere);

}  // namespace interlock::analyzer::prover
