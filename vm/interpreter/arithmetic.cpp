#include "vm/interpreter/arithmetic.hpp"

namespace interlock::vm::instruction {

void MUL(Word* top) { top[-1] = top[0] * top[-1]; }
void DIV(Word* top) { top[-1] = top[0] / top[-1]; }
void SDIV(Word* top) { top[-1] = sdiv(top[0], top[-1]); }
void MOD(Word* top) { top[-1] = top[0] % top[-1]; }
void SMOD(Word* top) { top[-1] = smod(top[0], top[-1]); }
void ADDMOD(Word* top) { top[-2] = addmod(top[0], top[-1], top[-2]); }
void MULMOD(Word* top) { top[-2] = mulmod(top[0], top[-1], top[-2]); }
void SIGNEXTEND(Word* top) { top[-1] = sign_extend(top[-1], top[0]); }

void SHL(Word* top) { top[-1] = top[0].fits_u64() ? top[-1] << top[0].low64() : Word{}; }
void SHR(Word* top) { top[-1] = top[0].fits_u64() ? top[-1] >> top[0].low64() : Word{}; }
void SAR(Word* top) { top[-1] = arithmetic_shift_right(top[-1], top[0].fits_u64() ? top[0].low64() : 256); }
void CLZ(Word* top) { top[0] = std::uint64_t{256 - bit_length(top[0])}; }

}  // namespace interlock::vm::instruction
