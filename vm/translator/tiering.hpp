// Tiering: when code is translated.
//
// Translating an instruction takes about as long as executing fifty. So code must earn its translation: a third of the
// time spent on executing it as bytecode, estimated from the gas, may be spent on translating its blocks. Code that
// runs seldom stays bytecode, and code that runs once takes at most a third longer than without translation.
#pragma once

#include "vm/translator/translation.hpp"

namespace interlock::vm {

// For tests: Always translates before the first instruction, Never not at all. The environment variable
// INTERLOCK_TRANSLATE (always, never) sets the mode for a whole process.
enum class Tiering : std::uint8_t { Adaptive, Always, Never };
void set_tiering(Tiering tiering);

// Returns the code's translation for a frame that continues at `pc`. Null means that it continues as bytecode.
[[nodiscard]] const Translation* worthwhile_translation(const Code& code, Fork fork, std::size_t pc);

// The number of backward jumps after which the careful loop asks.
inline constexpr int back_edge_budget = 64;

// Called by the translation: whether another block may be translated, and that one of so many instructions was.
[[nodiscard]] bool has_earned_translation(const Code& code);
void pay_for_translation(const Code& code, std::size_t instructions, std::size_t cells);

}  // namespace interlock::vm
