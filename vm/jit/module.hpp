// The compiler as a module, libinterlock_jit.so, which is loaded when native code is first wanted.
#pragma once

#include <memory>

#include "vm/code.hpp"
#include "vm/fork.hpp"

namespace interlock::vm {

class NativeCode;
namespace jit {
enum class Effort : std::uint32_t;
}

// Whether the compiler is there; this loads it.
[[nodiscard]] bool has_native_compiler();

// Compiles in this process, now. Where there is no compiler the result has no native code.
[[nodiscard]] std::unique_ptr<NativeCode> compile_native(const Code& code, Fork fork, jit::Effort effort = {});
// The same, as the bytes of which NativeCode is made; empty if there is to be no native code.
[[nodiscard]] Bytes compile_to_bytes(const Code& code, Fork fork, jit::Effort effort = {});

}  // namespace interlock::vm
