// The translator: bytecode to cells (translation.hpp), and when that is worth its time.
//
// Translating a code costs about what executing each of its instructions a few times does. So code is translated when
// it is entered again, or when it goes round in a loop; what runs once runs as it is.
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

// The code's translation, if it has one by now or deserves one now that a frame enters it. Null: not yet.
[[nodiscard]] const Translation* translation_on_entry(const Code& code, Fork fork);

// The same for init code, which is entered once and seldom worth it.
[[nodiscard]] const Translation* translation_on_creation(const Code& code, Fork fork);

// The same for code that has been going round in a loop.
[[nodiscard]] const Translation* translation_of_loop(const Code& code, Fork fork);

// Backward jumps in one frame after which it counts as a loop.
inline constexpr int patience = 64;

}  // namespace interlock::vm
