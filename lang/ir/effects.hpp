// What one instruction, or one external call, does: the row of its operation (lang/ir/op_list.hpp), or of the opcode that it
// stands for (vm/opcode_list.hpp). Whoever drops, moves or joins instructions, and whoever proves something about them,
// asks here.
#pragma once

#include "lang/ir/ir.hpp"

namespace interlock::lang::ir {

[[nodiscard]] vm::Regions reads_of(const Instruction& instruction);
// Memory that nobody else looks at is left out: see OpEffects::takes_memory.
[[nodiscard]] vm::Regions writes_of(const Instruction& instruction);

// Whether it can end the call: a check that fails, or an opcode that halts.
[[nodiscard]] bool can_end_call(const Instruction& instruction);

// Whether it has to happen even if nobody looks at its result. What concerns the proof alone does not count here.
[[nodiscard]] bool must_happen(const Instruction& instruction);

// Whether another instruction that is the same gives the same result wherever both are in one call.
[[nodiscard]] bool is_fixed(const Instruction& instruction);

// The opcode with which control leaves the contract: for a method, by what it may do.
[[nodiscard]] vm::Opcode opcode_of(Mutability method);
[[nodiscard]] vm::Opcode opcode_of(const ExternalCall& call, Mutability method = Mutability::NonPayable);
[[nodiscard]] vm::Opcode opcode_of(const Contract& contract, const ExternalCall& call);

// Whether all the gas that comes along is the stipend of a payment, which does not pay for a storage write or a call with
// value (EIP-2200, EIP-2929).
[[nodiscard]] bool has_only_stipend(const ExternalCall& call);

// Whether the code that runs then is another contract's, on this one's storage.
[[nodiscard]] bool runs_foreign_code(const Contract& contract, const ExternalCall& call);

}  // namespace interlock::lang::ir
