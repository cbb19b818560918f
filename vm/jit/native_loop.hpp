// Runs frames whose code is native.
#pragma once

#include "vm/interpreter/core.hpp"

namespace interlock::vm {

// Executes the top frame and those that it opens, until a frame on top has no native code or must continue as bytecode, or
// until `core.activity` is no longer Running.
void run_native(Core& core);

}  // namespace interlock::vm
