// Arithmetic of all widths on clean words: unsigned numbers zero-extended, signed ones sign-extended, fixed bytes
// left-aligned. Every operation takes clean words and leaves a clean one.
//
// Binary operations expect the right operand below the left one: [right, left] -> [result].
#pragma once

#include "lang/codegen/routines.hpp"

namespace interlock::lang::codegen {

void add(Emitter& e, Routines& routines, const ir::Type& type, bool checked);
void subtract(Emitter& e, Routines& routines, const ir::Type& type, bool checked);
void multiply(Emitter& e, Routines& routines, const ir::Type& type, bool checked);
void divide(Emitter& e, Routines& routines, const ir::Type& type, bool checked);
void modulo(Emitter& e, Routines& routines, const ir::Type& type);
void raise(Emitter& e, Routines& routines, const ir::Type& type, bool checked);  // [exponent, base]
void negate(Emitter& e, Routines& routines, const ir::Type& type, bool checked);
void shift_left(Emitter& e, const ir::Type& type);   // [value, by]
void shift_right(Emitter& e, const ir::Type& type);  // [value, by]
void bitwise_not(Emitter& e, const ir::Type& type);
void compare(Emitter& e, ir::Op op, const ir::Type& operands);

// Cuts what does not belong to the type off the word on top: wraps numbers around, zeroes padding.
void clean(Emitter& e, const ir::Type& type);
// Consumes the word on top and jumps unless it is a clean value of the type.
void check_clean(Emitter& e, const ir::Type& type, Label otherwise);
// Leaves the member of an enum on top where it is, or panics: 0x21.
void check_enum(Emitter& e, Routines& routines, const ir::Type& type);
// Whether every word is a value of the type.
[[nodiscard]] bool fills_word(const ir::Type& type);

// An explicit conversion; `to` is not an enum that needs a check unless the value may fail it: Panic(0x21).
void convert(Emitter& e, Routines& routines, const ir::Type& from, const ir::Type& to);

[[nodiscard]] Word largest(const ir::Type& type);  // of an integer type
[[nodiscard]] Word smallest(const ir::Type& type);

}  // namespace interlock::lang::codegen
