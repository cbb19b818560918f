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

// Cuts off the bits of the top word that the type does not have: wraps numbers, zeroes padding.
void clean(Emitter& e, const ir::Type& type);
// Consumes the top word and jumps to `otherwise` unless it is a clean value of the type.
void check_clean(Emitter& e, const ir::Type& type, Label otherwise);
// Panics (0x21) unless the top word is a member of the enum; the word stays.
void check_enum(Emitter& e, Routines& routines, const ir::Type& type);
// Returns whether every word is a value of the type.
[[nodiscard]] bool fills_word(const ir::Type& type);

// Converts explicitly. A conversion to an enum checks the value if it may be out of range: Panic(0x21).
void convert(Emitter& e, Routines& routines, const ir::Type& from, const ir::Type& to);

[[nodiscard]] Word largest(const ir::Type& type);  // of an integer type
[[nodiscard]] Word smallest(const ir::Type& type);

}  // namespace interlock::lang::codegen
