// Structs that are copied to memory only for their fields to be read there: `Deal memory d = deals[id]`.
#pragma once

#include "lang/ir/ir.hpp"

namespace interlock::analyzer::prover {

// Whether it is a function that the compiler makes to copy a struct to new memory, or to make an empty one there.
[[nodiscard]] bool makes_struct(const lang::ir::Function& function);

// Whether it is one that the compiler makes to copy what lies at its last argument in memory to storage.
[[nodiscard]] bool copies_from_memory(const lang::ir::Function& function);

// Whether it is one that the compiler makes to copy bytes or a string to storage, to the slot that it is given first.
[[nodiscard]] bool copies_bytes(const lang::ir::Function& function);

// Returns the contract with the fields that are read read from storage instead, where it copies such a struct. It does the same
// but for what lies in memory, which nobody else sees.
[[nodiscard]] lang::ir::Contract without_struct_copies(const lang::ir::Contract& contract);

}  // namespace interlock::analyzer::prover
