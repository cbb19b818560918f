// The effects of one instruction or one external call: the row of its operation (lang/ir/op_list.hpp), or of the opcode
// that it stands for (vm/opcode_list.hpp). Passes that drop, move or join instructions, and proofs about them, use
// these functions.
#pragma once

#include <optional>

#include "lang/ir/ir.hpp"

namespace interlock::lang::ir {

[[nodiscard]] vm::Regions reads_of(const Instruction& instruction);
// Leaves out memory that nobody else reads: see OpEffects::takes_memory.
[[nodiscard]] vm::Regions writes_of(const Instruction& instruction);

// Returns whether it can end the call: a check that fails, or an opcode that halts.
[[nodiscard]] bool can_end_call(const Instruction& instruction);

// Returns whether it must happen even if its result is unused. Effects that concern only the proof do not count.
[[nodiscard]] bool must_happen(const Instruction& instruction);

// Returns whether an equal instruction gives the same result anywhere in the same call.
[[nodiscard]] bool is_fixed(const Instruction& instruction);

// Returns the comparison that holds where this one does not; nothing of other operations.
[[nodiscard]] std::optional<Op> opposite(Op comparison);

// Returns the opcode with which control leaves the contract; for a method it depends on the mutability.
[[nodiscard]] vm::Opcode opcode_of(Mutability method);
[[nodiscard]] vm::Opcode opcode_of(const ExternalCall& call, Mutability method = Mutability::NonPayable);
[[nodiscard]] vm::Opcode opcode_of(const Contract& contract, const ExternalCall& call);

// Returns the method that the call performs, or null if the source does not name one.
[[nodiscard]] const Method* method_of(const Contract& contract, const ExternalCall& call);
// Returns the first four bytes of the call data, as far as the source tells them.
[[nodiscard]] std::optional<std::uint32_t> selector_of(const Contract& contract, const Function& caller,
                                                       const ExternalCall& call);

// Returns whether a call surely has no call data: it may pay, and reaches no function.
[[nodiscard]] bool has_no_data(const Function& caller, const ExternalCall& call);

// Returns whether the callee gets only the stipend of a payment as gas, which does not pay for a storage write or a
// call with value (EIP-2200, EIP-2929).
[[nodiscard]] bool has_only_stipend(const ExternalCall& call);

// Returns whether another contract's code then runs on this contract's storage.
[[nodiscard]] bool runs_foreign_code(const Contract& contract, const ExternalCall& call);

}  // namespace interlock::lang::ir
