// EXP: the one arithmetic instruction with a price of its own. (EIP-160)
#pragma once

#include "vm/interpreter/core.hpp"

namespace interlock::vm::instruction {

[[gnu::noinline]] inline Status EXP(Word* top, Core& core, Gas& gas) {
    gas -= core.rules.exp_byte * byte_length(top[-1]);
    if (gas < Gas{0}) return Status::OutOfGas;
    top[-1] = power(top[0], top[-1]);
    return Status::Success;
}

}  // namespace interlock::vm::instruction
