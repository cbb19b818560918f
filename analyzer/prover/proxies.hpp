// Proxies: contracts that do nothing but to run another one's code as their own.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;

// Whether the call runs the code of another account as the contract's own, and the account that is called.
[[nodiscard]] bool delegates(const ir::Contract& contract, const ir::ExternalCall& call);
[[nodiscard]] ir::Value target_of(const ir::ExternalCall& call);

// Whether all that the contract does, but for its construction, for views, and for what calls nobody (manager_of), is to delegate
// each call, so that what it does is what the entries of the other code do, called by whoever called it.
[[nodiscard]] bool only_delegates(const ir::Contract& contract);

// Returns the proxy without its construction and its forwarding, if there is more in it: somebody may change by that what it runs.
[[nodiscard]] std::optional<ir::Contract> manager_of(const ir::Contract& proxy);

// Returns the slots in which it keeps whose code that is, if that is nothing that callers choose.
[[nodiscard]] std::optional<std::set<ir::Word>> slots_of_code(const ir::Contract& proxy);

// Returns the contract whose code the proxy runs, as an index: the one that its constructor makes, or the only one of the others
// that may be meant.
[[nodiscard]] std::optional<std::size_t> code_behind(const std::vector<const ir::Contract*>& contracts, std::size_t proxy);

// Whether its constructor leaves contracts in storage, which a proxy does not have.
[[nodiscard]] bool keeps_what_it_makes(const ir::Contract& contract);

}  // namespace interlock::analyzer::prover
