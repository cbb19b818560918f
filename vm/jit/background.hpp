// Compilation behind the machine's back: who asks goes on at once, and finds native code in some later call.
#pragma once

#include <memory>

#include "vm/code.hpp"

namespace interlock::vm {

// Asks for native code, the first time only. Code that nobody keeps any more is not compiled. Thread-safe.
void compile_in_background(const std::shared_ptr<const Code>& code, Fork fork);

}  // namespace interlock::vm
