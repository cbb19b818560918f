// Calls and creations: the instructions that open a frame.
//
// The run loop has saved its registers in the frame and taken the operands off its stack. The instruction charges gas,
// fills in the next frame's message and lets the core begin it. Afterwards another frame may be on top, a stranger may
// be waiting, or the call may be over already. Any status but Success halts the calling frame.
#pragma once

#include "vm/interpreter/core.hpp"

namespace interlock::vm::instruction {

Status CALL(Word* top, Core& core);
Status CALLCODE(Word* top, Core& core);
Status DELEGATECALL(Word* top, Core& core);  // EIP-7
Status STATICCALL(Word* top, Core& core);    // EIP-214
Status CREATE(Word* top, Core& core);
Status CREATE2(Word* top, Core& core);  // EIP-1014

}  // namespace interlock::vm::instruction
