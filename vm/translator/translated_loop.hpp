// The loop over translated code.
#pragma once

#include "vm/interpreter/core.hpp"

namespace interlock::vm {

// Executes the top frame, and those that it opens, until one is on top that has no translation, or that must go on as
// bytecode, or until `core.activity` is no longer Running.
void run_translated(Core& core);

}  // namespace interlock::vm
