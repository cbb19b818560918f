#include "vm/interpreter/three_address.hpp"

namespace interlock::vm::three_address {

void multiply(Word& to, const Word& a, const Word& b) { to = a * b; }
void divide(Word& to, const Word& a, const Word& b) { to = a / b; }
void remainder(Word& to, const Word& a, const Word& b) { to = a % b; }
void add_modulo(Word& to, const Word& a, const Word& b, const Word& modulus) { to = addmod(a, b, modulus); }
void multiply_modulo(Word& to, const Word& a, const Word& b, const Word& modulus) { to = mulmod(a, b, modulus); }

// A narrow word shifted by less than a limb: most shifts that there are.
void shift_left(Word& to, const Word& shift, const Word& value) {
    if (value.fits_u64() && shift.fits_u64() && shift.low64() < 64) {
        const std::uint64_t limb = value.low64(), bits = shift.low64();
        to = Word{0, 0, limb >> 1 >> (63 - bits), limb << bits};
    } else {
        to = shift.fits_u64() ? value << shift.low64() : Word{};
    }
}
void shift_right(Word& to, const Word& shift, const Word& value) {
    if (value.fits_u64())
        to = shift.fits_u64() && shift.low64() < 64 ? value.low64() >> shift.low64() : 0;
    else
        to = shift.fits_u64() ? value >> shift.low64() : Word{};
}

}  // namespace interlock::vm::three_address
