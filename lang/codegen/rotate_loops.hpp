#pragma once

#include "lang/codegen/assembly.hpp"

namespace interlock::lang::codegen {

// Of assembly whose jumps are straightened; whether it has found a loop: what it writes there can be made shorter.
bool rotate_loops(Assembly& assembly);

}  // namespace interlock::lang::codegen
