#include "vm/translator/three_address.hpp"

namespace interlock::vm::three_address {

namespace {

// Multiplies a word by a limb, with four products instead of ten.
[[gnu::always_inline]] inline void multiply_by_limb(Word& to, const Word& a, std::uint64_t limb) {
    const limbs::U128 p0 = limbs::U128{a.limbs[0]} * limb;
    const limbs::U128 p1 = limbs::U128{a.limbs[1]} * limb + limbs::high_of(p0);
    const limbs::U128 p2 = limbs::U128{a.limbs[2]} * limb + limbs::high_of(p1);
    to = Word{a.limbs[3] * limb + limbs::high_of(p2), limbs::low_of(p2), limbs::low_of(p1), limbs::low_of(p0)};
}

}  // namespace

void multiply(Word& to, const Word& a, const Word& b) {
    if (b.fits_u64()) multiply_by_limb(to, a, b.low64());
    else if (a.fits_u64()) multiply_by_limb(to, b, a.low64());
    else to = a * b;
}
void divide(Word& to, const Word& a, const Word& b) { to = a / b; }
void remainder(Word& to, const Word& a, const Word& b) { to = a % b; }
void add_modulo(Word& to, const Word& a, const Word& b, const Word& modulus) { to = addmod(a, b, modulus); }

[[gnu::noinline]] static void multiply_modulo_short(Word& to, const Word& a, const Word& b, const Word& modulus) {
    to = mulmod(a, b, modulus);
}
void multiply_modulo(Word& to, const Word& a, const Word& b, const Word& modulus) {
    if (modulus.limbs[3] != 0) return multiply_modulo_long(to, a, b, modulus);
    multiply_modulo_short(to, a, b, modulus);
}

// Most shifts move a narrow word by less than a limb.
void shift_left(Word& to, const Word& shift, const Word& value) {
    if (value.fits_u64() && shift.fits_u64() && shift.low64() < 64) {
        const std::uint64_t limb = value.low64(), bits = shift.low64();
        to = Word{0, 0, limb >> 1 >> (63 - bits), limb << bits};
    } else {
        to = shift.fits_u64() ? value << shift.low64() : Word{};
    }
}
void shift_right(Word& to, const Word& shift, const Word& value) {
    if (value.fits_u64()) to = shift.fits_u64() && shift.low64() < 64 ? value.low64() >> shift.low64() : 0;
    else to = shift.fits_u64() ? value >> shift.low64() : Word{};
}

}  // namespace interlock::vm::three_address
