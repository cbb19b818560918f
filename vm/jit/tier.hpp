// When bytecode becomes native code.
//
// The compiler is a module with LLVM in it (module.hpp, compiler/). Where it was not built, or does not load, nothing here
// has any effect.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "vm/code.hpp"

namespace interlock::vm {

class NativeCode;

// Always compiles code before it first runs, in this process: for tests and measurements. Cheaply does the same with little
// effort: for tests of very many codes. Auto lets a process of its own compile what has spent much gas, and goes on as before
// until that is done. The environment variable INTERLOCK_JIT (always, cheaply, never, auto) sets the mode for a whole
// process.
enum class NativeTier : std::uint8_t { Auto, Always, Cheaply, Never };
void set_native_tier(NativeTier tier);
[[nodiscard]] std::optional<NativeTier> parse_native_tier(std::string_view text);

// Returns the native code for a frame that begins now, or null.
[[nodiscard]] const NativeCode* worthwhile_native_code(const std::shared_ptr<const Code>& code, Fork fork);

}  // namespace interlock::vm
