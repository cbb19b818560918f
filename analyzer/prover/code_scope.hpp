// Which contracts a proof about one of them has to look at, and what is known of the accounts in their variables.
#pragma once

#include "analyzer/prover/flow.hpp"

namespace interlock::analyzer::prover {

struct ScopeOfProof {
    CodeInScope code;  // the subject comes first
    std::vector<std::string> assumptions;
};

[[nodiscard]] std::vector<Entry> entries_of(const CodeInScope& code);
// Whether neither the function nor what it calls hands control on.
[[nodiscard]] bool calls_nobody(const ir::Contract& contract, std::uint32_t function);
[[nodiscard]] bool calls_nobody(const ir::Contract& contract);      // the same of all its functions
[[nodiscard]] std::vector<Entry> runs_of(const CodeInScope& code);  // the constructors, too

// One contract, of whose accounts nothing is known. Throws OutOfTime.
[[nodiscard]] CodeInScope code_alone(const ir::Contract& contract, const Deadline& deadline);

// Returns the entries that strangers may make contracts of the scope call, by calls of which nobody knows the target. One that
// nothing but a payment takes counts if it does more for a contract than for a stranger. Throws NotCovered and OutOfTime.
[[nodiscard]] std::set<Entry> find_lent(const CodeInScope& code);
// Returns the same scope where nobody but owners has rights. Throws NotCovered and OutOfTime.
[[nodiscard]] CodeInScope known_to_owners(const CodeInScope& code);
// Who strangers may be there: anybody where they can make a contract of the scope call.
[[nodiscard]] Flow::Caller stranger_at(const CodeInScope& code, const Entry& entry);

// Returns the functions, and what they call themselves.
[[nodiscard]] std::set<const ir::Function*> with_callees(const ir::Contract& contract,
                                                         std::vector<const ir::Function*> open);
// Whether the instruction ends the whole run with success, as assembly may.
[[nodiscard]] bool halts(const ir::Instruction& each);
// The same of what the function does, or what it calls itself.
[[nodiscard]] bool may_halt(const ir::Contract& contract, const ir::Function& function);
[[nodiscard]] std::set<const ir::Function*> functions_of_constructor(const ir::Contract& contract);

// Which functions the calls of a contract may have in mind.
struct Callees {
    std::set<std::uint32_t> selectors;
    bool is_any = false;  // call data decide
    [[nodiscard]] bool may_be(std::uint32_t selector) const { return is_any || selectors.contains(selector); }
};
// `as_itself`: without those that it calls by running code of others as its own.
[[nodiscard]] Callees callees_of(const ir::Contract& contract, bool as_itself = false);

struct ScopeChoice {
    bool runs_elsewhere = false;       // the subject's code is run by a proxy
    std::vector<std::size_t> besides;  // contracts that are to be in the scope, too
    std::vector<std::size_t> without;  // and those that are not
    bool trusts_callees = false;       // whoever stands in the source, or the owner can replace, calls nobody
};

// Takes in every contract that the subject, or one that was taken in, may call. Throws NotCovered and OutOfTime.
[[nodiscard]] ScopeOfProof scope_of(const std::vector<const ir::Contract*>& contracts, std::size_t subject,
                                    const Deadline& deadline, const ScopeChoice& choice = {});

// Returns the contracts that call entries of the subject that strangers cannot complete. Throws the same.
[[nodiscard]] std::vector<std::size_t> privileged_callers(const CodeInScope& code,
                                                          const std::vector<const ir::Contract*>& contracts);

}  // namespace interlock::analyzer::prover
