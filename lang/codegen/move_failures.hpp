#pragma once

#include "lang/codegen/assembly.hpp"

namespace interlock::lang::codegen {

// Moves code that fails out of the way of code that goes on. Returns whether it found any; the new code can be shortened.
bool move_failures(Assembly& assembly);

}  // namespace interlock::lang::codegen
