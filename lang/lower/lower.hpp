// Lowers the typed program to IR: one ir::Contract for each contract and interface, in source order.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lang/diagnostics/diagnostic.hpp"
#include "lang/ir/ir.hpp"
#include "lang/program/program.hpp"

namespace interlock::lang {

// How functions of linked libraries are called: in fact, or as if they were internal, which is what proofs look at.
enum class Linked : std::uint8_t { Called, TakenIn };

// Reports only constructs that the IR cannot express yet, as E9xx; the result is then incomplete. It only reads the
// program, so that several contracts can be lowered at the same time.
[[nodiscard]] std::shared_ptr<const ir::Contract> lower(const Program& program, ContractId contract,
                                                        Diagnostics& diagnostics, Linked linked = Linked::Called);

// Returns the contract with what it calls in linked libraries as functions of its own, or null where it calls none, or
// where one could tell: a library's code may end its own run only, and look at the call data of its own call.
[[nodiscard]] std::shared_ptr<const ir::Contract> lower_with_libraries(const Program& program, ContractId contract,
                                                                       const ir::Contract& lowered);

// Lowers all contracts. After a report the result is empty.
[[nodiscard]] std::vector<std::shared_ptr<const ir::Contract>> lower(const Program& program, Diagnostics& diagnostics);

}  // namespace interlock::lang
