// The translator: bytecode to cells (translation.hpp), and when that is worth its time.
//
// Translating takes about as long for a byte of code as executing dozens of instructions. So code is translated when
// about as much was spent on executing it, as the gas tells: when it is entered again, or while it goes round in a loop.
// What runs seldom runs as it is.
#pragma once

#include "vm/code.hpp"
#include "vm/interpreter/translation.hpp"

namespace interlock::vm {

// Never null; a code that cannot be translated has no entries.
[[nodiscard]] std::unique_ptr<Translation> translate(const Code& code, Fork fork);

// When code is translated. For tests: Always, before its first instruction; Never. The environment variable
// INTERLOCK_TRANSLATE (always, never) sets it for a whole process.
enum class Tiering : std::uint8_t { Adaptive, Always, Never };
void set_tiering(Tiering tiering);

// The code's translation, if it has one by now, or deserves one after what was spent on executing it. Null: not yet.
[[nodiscard]] const Translation* worthwhile_translation(const Code& code, Fork fork);

// Backward jumps in the careful loop after which it asks.
inline constexpr int patience = 64;

}  // namespace interlock::vm
