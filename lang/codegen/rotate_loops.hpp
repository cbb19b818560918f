#pragma once

#include "lang/codegen/assembly.hpp"

namespace interlock::lang::codegen {

// Of assembly whose jumps are straightened already; clean it up again if this has changed something.
bool rotate_loops(Assembly& assembly);

}  // namespace interlock::lang::codegen
