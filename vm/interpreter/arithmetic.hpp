// Arithmetic, comparison and bits: the instructions that use only the stack.
//
// `top` is the top word before the instruction; the result replaces the lowest operand. The run loop moves the top by
// the table's stack counts, charges the table's price, and checks both beforehand.
#pragma once

#include <bit>

#include "vm/word.hpp"

namespace interlock::vm::instruction {

inline void ADD(Word* top) { top[-1] = top[0] + top[-1]; }
inline void SUB(Word* top) { top[-1] = top[0] - top[-1]; }

// These are too big to be part of the loop: there they would force its registers into memory.
void MUL(Word* top);
void DIV(Word* top);
void SDIV(Word* top);
void MOD(Word* top);
void SMOD(Word* top);
void ADDMOD(Word* top);
void MULMOD(Word* top);
void SHL(Word* top);  // EIP-145
void SHR(Word* top);
void SAR(Word* top);
void CLZ(Word* top);  // EIP-7939

inline void LT(Word* top) { top[-1] = std::uint64_t{top[0] < top[-1]}; }
inline void GT(Word* top) { top[-1] = std::uint64_t{top[0] > top[-1]}; }
inline void SLT(Word* top) { top[-1] = std::uint64_t{signed_less(top[0], top[-1])}; }
inline void SGT(Word* top) { top[-1] = std::uint64_t{signed_less(top[-1], top[0])}; }
inline void EQ(Word* top) { top[-1] = std::uint64_t{top[0] == top[-1]}; }
inline void ISZERO(Word* top) { top[0] = std::uint64_t{top[0].is_zero()}; }

inline void AND(Word* top) { top[-1] = top[0] & top[-1]; }
inline void OR(Word* top) { top[-1] = top[0] | top[-1]; }
inline void XOR(Word* top) { top[-1] = top[0] ^ top[-1]; }
inline void NOT(Word* top) { top[0] = ~top[0]; }

inline void SIGNEXTEND(Word* top) {
    if (top[0].fits_u64()) extend_sign(top[-1], top[0].low64());
}

// Returns the byte at an index counted from the most significant byte.
inline void BYTE(Word* top) {
    const Word& index = top[0];
    const std::uint64_t i = index.low64();
    top[-1] = index.fits_u64() && i < 32 ? top[-1].limbs[3 - i / 8] >> (8 * (7 - i % 8)) & 0xff : 0;
}

}  // namespace interlock::vm::instruction
