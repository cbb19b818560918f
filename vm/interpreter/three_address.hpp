// Arithmetic from two or three words into another: what the cells of translated code compute (cell_list.hpp).
//
// Each says the same as the instruction of its name in arithmetic.hpp. The result may be one of the operands.
#pragma once

#include "vm/word.hpp"

namespace interlock::vm::three_address {

// Too big to be part of the loop.
void multiply(Word& to, const Word& a, const Word& b);
void divide(Word& to, const Word& a, const Word& b);
void remainder(Word& to, const Word& a, const Word& b);
void add_modulo(Word& to, const Word& a, const Word& b, const Word& modulus);
void multiply_modulo(Word& to, const Word& a, const Word& b, const Word& modulus);
void shift_left(Word& to, const Word& bits, const Word& value);
void shift_right(Word& to, const Word& bits, const Word& value);

// By whole limbs and fewer than 64 bits more.
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

// Counted from the most significant byte.
[[nodiscard]] inline std::uint64_t byte_at(std::uint64_t index, const Word& value) {
    return index < 32 ? value.limbs[3 - index / 8] >> (8 * (7 - index % 8)) & 0xff : 0;
}

}  // namespace interlock::vm::three_address
