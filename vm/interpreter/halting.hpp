// The instructions that end a frame.
#pragma once

#include "vm/interpreter/core.hpp"

namespace interlock::vm::instruction {

// How the frame ends. It is a type of its own, so that an instruction's signature shows that no instruction follows.
struct Halt {
    Status status;
};

inline Halt STOP(Word*, Core& core, Gas&) {
    core.output = {};
    return {Status::Success};
}

inline Halt RETURN(Word* top, Core& core, Gas& gas) {
    if (!core.memory.extend(top[0], top[-1], gas)) return {Status::OutOfGas};
    core.output = core.memory.range(top[0], top[-1]);
    return {Status::Success};
}

inline Halt REVERT(Word* top, Core& core, Gas& gas) {
    if (!core.memory.extend(top[0], top[-1], gas)) return {Status::OutOfGas};
    core.output = core.memory.range(top[0], top[-1]);
    return {Status::Revert};
}

inline Halt INVALID(Word*, Core&, Gas&) { return {Status::InvalidInstruction}; }

}  // namespace interlock::vm::instruction
