// Lowers the typed program to IR: one ir::Contract for each contract and interface, in source order.
#pragma once

#include <memory>
#include <vector>

#include "lang/diagnostics/diagnostic.hpp"
#include "lang/ir/ir.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang {

// Reports only constructs that the IR cannot express yet, as E9xx; the result is then incomplete. It only reads the
// program, so that several contracts can be lowered at the same time.
[[nodiscard]] std::shared_ptr<const ir::Contract> lower(const Program& program, ContractId contract,
                                                        Diagnostics& diagnostics);

// Lowers all contracts. After a report the result is empty.
[[nodiscard]] std::vector<std::shared_ptr<const ir::Contract>> lower(const Program& program, Diagnostics& diagnostics);

}  // namespace interlock::lang
