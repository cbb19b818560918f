// The loop over translated code.
#pragma once

#include "vm/interpreter/core.hpp"

namespace interlock::vm {

// Executes the top frame and those that it opens, until a frame on top has no translation or must continue as bytecode,
// or until `core.activity` is no longer Running.
void run_translated(Core& core);

}  // namespace interlock::vm
