// Tiering: when code is translated.
//
// Translating an instruction takes about as long as executing fifty. So code earns its translation: a third of what is
// spent on executing it as bytecode, as the gas tells, may be spent on translating its blocks. What runs seldom runs as
// it is, and what runs once takes at most a third longer than without translating.
#pragma once

#include "vm/translator/translation.hpp"

namespace interlock::vm {

// For tests: Always, before its first instruction; Never. The environment variable INTERLOCK_TRANSLATE (always, never)
// sets it for a whole process.
enum class Tiering : std::uint8_t { Adaptive, Always, Never };
void set_tiering(Tiering tiering);

// The code's translation, for a frame that goes on at `pc`. Null: it goes on as bytecode.
[[nodiscard]] const Translation* worthwhile_translation(const Code& code, Fork fork, std::size_t pc);

// Backward jumps in the careful loop after which it asks.
inline constexpr int back_edge_budget = 64;

// For the translation: whether a block more may be translated, and that one was, of so many instructions of bytecode.
[[nodiscard]] bool has_earned_translation(const Code& code);
void pay_for_translation(const Code& code, std::size_t instructions, std::size_t cells);

}  // namespace interlock::vm
