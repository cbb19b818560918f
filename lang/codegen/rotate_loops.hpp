#pragma once

#include "lang/codegen/assembly.hpp"

namespace interlock::lang::codegen {

// Rotates loops in assembly whose jumps are straightened. Returns whether it found a loop; the new code can then be
// shortened.
bool rotate_loops(Assembly& assembly);

}  // namespace interlock::lang::codegen
