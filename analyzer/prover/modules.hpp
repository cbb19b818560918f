// Routers: contracts that have functions of their own, and run for every other call the code of one of several modules as
// their own (a diamond's facets).
#pragma once

#include <optional>
#include <vector>

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

namespace ir = lang::ir;

// Whether the fallback does nothing but to find code somewhere, and to run that for whoever called.
[[nodiscard]] bool routes_to_modules(const ir::Contract& contract);

// Returns the contracts whose functions it may run, as indices: those that it makes, or else all that neither it nor they call.
// Empty where one of these has code that is not the same everywhere, or that is given something at its construction.
[[nodiscard]] std::vector<std::size_t> modules_of(const std::vector<const ir::Contract*>& contracts, std::size_t router);

// Returns the router as a contract that has all these functions itself, but for those that it already has; its fallback only
// looks for what is to be run, and reverts. Nothing if variables would lie on each other.
[[nodiscard]] std::optional<ir::Contract> with_modules(const ir::Contract& router,
                                                       const std::vector<const ir::Contract*>& modules);

}  // namespace interlock::analyzer::prover
