// Arithmetic from two or three words into another word, as the cells of translated code compute it (cell_list.hpp).
//
// Each function computes the same as the instruction of its name in arithmetic.hpp. The result may be one of the operands.
#pragma once

#include "vm/interpreter/stack.hpp"
#include "vm/word.hpp"

namespace interlock::vm::three_address {

// These are too big to be part of the loop.
void multiply(Word& to, const Word& a, const Word& b);
void divide(Word& to, const Word& a, const Word& b);
void remainder(Word& to, const Word& a, const Word& b);
void add_modulo(Word& to, const Word& a, const Word& b, const Word& modulus);
void multiply_modulo(Word& to, const Word& a, const Word& b, const Word& modulus);
void shift_left(Word& to, const Word& bits, const Word& value);
void shift_right(Word& to, const Word& bits, const Word& value);

// --- carries ---
// g++ does not keep a carry in the flag from one 128-bit half to the next, so on x86-64 the chains are written out.

#if defined(__x86_64__) && defined(__GNUC__)
#define INTERLOCK_CHAIN(first, next)                                                  \
    std::uint64_t l0 = a.limbs[0], l1 = a.limbs[1], l2 = a.limbs[2], l3 = a.limbs[3]; \
    asm(first " %4, %0\n\t" next " %5, %1\n\t" next " %6, %2\n\t" next " %7, %3"      \
        : "+&r"(l0), "+&r"(l1), "+&r"(l2), "+&r"(l3)                                  \
        : INTERLOCK_OPERANDS                                                          \
        : "cc");                                                                      \
    to.limbs[0] = l0, to.limbs[1] = l1, to.limbs[2] = l2, to.limbs[3] = l3
#define INTERLOCK_OPERANDS "m"(b.limbs[0]), "m"(b.limbs[1]), "m"(b.limbs[2]), "m"(b.limbs[3])
[[gnu::always_inline]] inline void add(Word& to, const Word& a, const Word& b) { INTERLOCK_CHAIN("addq", "adcq"); }
[[gnu::always_inline]] inline void subtract(Word& to, const Word& a, const Word& b) { INTERLOCK_CHAIN("subq", "sbbq"); }
#undef INTERLOCK_OPERANDS
#define INTERLOCK_OPERANDS "r"(b), "i"(0), "i"(0), "i"(0)
[[gnu::always_inline]] inline void add(Word& to, const Word& a, std::uint64_t b) { INTERLOCK_CHAIN("addq", "adcq"); }
[[gnu::always_inline]] inline void subtract(Word& to, const Word& a, std::uint64_t b) { INTERLOCK_CHAIN("subq", "sbbq"); }
#undef INTERLOCK_OPERANDS
#undef INTERLOCK_CHAIN

// Reads the flags that the subtraction of the highest limbs sets.
#define INTERLOCK_COMPARE(flag)                                                                                 \
    bool is_less;                                                                                               \
    std::uint64_t limb = a.limbs[0];                                                                            \
    asm("cmpq %3, %1\n\tmovq %7, %1\n\tsbbq %4, %1\n\tmovq %8, %1\n\tsbbq %5, %1\n\tmovq %9, %1\n\tsbbq %6, %1" \
        : flag(is_less), "+&r"(limb)                                                                            \
        : "m"(a.limbs[0]), "m"(b.limbs[0]), "m"(b.limbs[1]), "m"(b.limbs[2]), "m"(b.limbs[3]), "m"(a.limbs[1]), \
          "m"(a.limbs[2]), "m"(a.limbs[3])                                                                      \
        : "cc");                                                                                                \
    return is_less
[[nodiscard, gnu::always_inline]] inline bool less(const Word& a, const Word& b) { INTERLOCK_COMPARE("=@ccb"); }
[[nodiscard, gnu::always_inline]] inline bool less_signed(const Word& a, const Word& b) { INTERLOCK_COMPARE("=@ccl"); }
#undef INTERLOCK_COMPARE
#else
inline void add(Word& to, const Word& a, const Word& b) { to = a + b; }
inline void subtract(Word& to, const Word& a, const Word& b) { to = a - b; }
inline void add(Word& to, const Word& a, std::uint64_t b) { to = a + Word{b}; }
inline void subtract(Word& to, const Word& a, std::uint64_t b) { to = a - Word{b}; }
[[nodiscard]] inline bool less(const Word& a, const Word& b) { return a < b; }
[[nodiscard]] inline bool less_signed(const Word& a, const Word& b) { return signed_less(a, b); }
#endif

// --- shifts ---

// Shifts by whole limbs and fewer than 64 more bits.
template <int whole>
[[gnu::always_inline]] inline void shift_left(Word& to, const Word& value, std::uint64_t bits) {
    const auto& from = value.limbs;
    const auto limb = [&](int i) { return i < whole ? 0 : from[i - whole]; };
    const auto joined = [&](int i) { return limbs::high_of(limbs::join(limb(i), i == 0 ? 0 : limb(i - 1)) << bits); };
    to = Word{joined(3), joined(2), joined(1), joined(0)};
}
template <int whole>
[[gnu::always_inline]] inline void shift_right(Word& to, const Word& value, std::uint64_t bits) {
    const auto& from = value.limbs;
    const auto limb = [&](int i) { return i + whole > 3 ? 0 : from[i + whole]; };
    const auto joined = [&](int i) { return limbs::low_of(limbs::join(limb(i + 1), limb(i)) >> bits); };
    to = Word{joined(3), joined(2), joined(1), joined(0)};
}

// The number of bits is a word. Most shifts move a limb by less than a limb.
[[gnu::always_inline]] inline void shift_left_by_word(Word& to, const Word& bits, const Word& value) {
    if (bits.fits_u64() && bits.low64() < 64) shift_left<0>(to, value, bits.low64());
    else shift_left(to, bits, value);
}
[[gnu::always_inline]] inline void shift_right_by_word(Word& to, const Word& bits, const Word& value) {
    if (bits.fits_u64() && bits.low64() < 64) shift_right<0>(to, value, bits.low64());
    else shift_right(to, bits, value);
}

// SIGNEXTEND. `to` may be the index.
[[gnu::always_inline]] inline void extend_sign(Word& to, std::uint64_t byte_index, const Word& value) {
    instruction::copy(to, value);  // by limbs, as the word was mostly written
    vm::extend_sign(to, byte_index);
}
[[gnu::always_inline]] inline void extend_sign(Word& to, const Word& byte_index, const Word& value) {
    extend_sign(to, byte_index.fits_u64() ? byte_index.low64() : 31, value);
}

// The index counts from the most significant byte.
[[nodiscard]] inline std::uint64_t byte_at(std::uint64_t index, const Word& value) {
    return index < 32 ? value.limbs[3 - index / 8] >> (8 * (7 - index % 8)) & 0xff : 0;
}

}  // namespace interlock::vm::three_address
