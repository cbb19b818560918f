#include "vm/interpreter/arithmetic.hpp"

#include "vm/translator/three_address.hpp"

namespace interlock::vm::instruction {

void MUL(Word* top) { top[-1] = top[0] * top[-1]; }
void DIV(Word* top) { top[-1] = top[0] / top[-1]; }
void SDIV(Word* top) { top[-1] = sdiv(top[0], top[-1]); }
void MOD(Word* top) { top[-1] = top[0] % top[-1]; }
void SMOD(Word* top) { top[-1] = smod(top[0], top[-1]); }
void ADDMOD(Word* top) { top[-2] = addmod(top[0], top[-1], top[-2]); }
void MULMOD(Word* top) { three_address::multiply_modulo(top[-2], top[0], top[-1], top[-2]); }

// Hash functions shift one limb by less than one limb, and most shifts are of this kind.
void SHL(Word* top) {
    const Word& shift = top[0];
    Word& value = top[-1];
    if (value.fits_u64() && shift.fits_u64() && shift.low64() < 64) {
        const std::uint64_t limb = value.low64(), bits = shift.low64();
        value.limbs[0] = limb << bits;
        value.limbs[1] = limb >> 1 >> (63 - bits);
    } else {
        value = shift.fits_u64() ? value << shift.low64() : Word{};
    }
}

void SHR(Word* top) {
    const Word& shift = top[0];
    Word& value = top[-1];
    if (value.fits_u64()) {
        value.limbs[0] = shift.fits_u64() && shift.low64() < 64 ? value.low64() >> shift.low64() : 0;
    } else {
        value = shift.fits_u64() ? value >> shift.low64() : Word{};
    }
}

void SAR(Word* top) { top[-1] = arithmetic_shift_right(top[-1], top[0].fits_u64() ? top[0].low64() : 256); }
void CLZ(Word* top) { top[0] = std::uint64_t{256 - bit_length(top[0])}; }

}  // namespace interlock::vm::instruction
