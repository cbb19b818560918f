// Persistent and transient storage, logs, and SELFDESTRUCT: the instructions that change the state of the frame's own
// account.
#pragma once

#include "vm/interpreter/core.hpp"
#include "vm/interpreter/halting.hpp"

namespace interlock::vm::instruction {

Status SLOAD(Word* top, Core& core, Gas& gas);
Status SSTORE(Word* top, Core& core, Gas& gas);  // EIP-2200, EIP-2929, EIP-3529
void TLOAD(Word* top, Core& core);               // EIP-1153
Status TSTORE(Word* top, Core& core, Gas& gas);

template <int topics>
Status log(Word* top, Core& core, Gas& gas);
inline constexpr auto& LOG0 = log<0>;
inline constexpr auto& LOG1 = log<1>;
inline constexpr auto& LOG2 = log<2>;
inline constexpr auto& LOG3 = log<3>;
inline constexpr auto& LOG4 = log<4>;

Halt SELFDESTRUCT(Word* top, Core& core, Gas& gas);  // EIP-6780: the host applies the fork's rule

}  // namespace interlock::vm::instruction
