// The cells that do more than call one instruction's function. From this one list both the translator's choice and the
// loop's handlers are made. The first row of an opcode that fits its operands is used.
//
//     FORM(name, opcode, first operand, second, third, what it does)
//
// Operands are in the opcode's order, the stack's top first:
//     Slot    a word of the stack                      Tiny, Small   a constant below 2^15, 2^32
//     Narrow  one of which the lowest limb is all      Limb          a constant below 2^64
//             there is, or all that is wanted          Constant      any constant
//     Shift0..Shift3  a constant shift by less than 64, 128, 192, 256 bits: its last six bits
// Slot and Constant are Words in the body, the others 64-bit numbers. `to` may be one of the operands. Where an operand
// is Narrow, the result is below 2^64.
// To use the list, define FORM (and MEMORY and BRANCH where they differ) and include this file; there is deliberately
// no include guard.
#ifndef MEMORY
#define MEMORY FORM
#endif
#ifndef BRANCH
#define BRANCH(name, opcode, a, b, condition)
#endif

// clang-format off
// Sums and products.
FORM(add_narrow,           ADD,        Narrow, Narrow,   None,     to = a + b)
FORM(add_narrow_small,     ADD,        Narrow, Small,    None,     to = a + b)
FORM(add_narrow_limb,      ADD,        Narrow, Limb,     None,     to = a + b)
FORM(add_small,            ADD,        Slot,   Small,    None,     three_address::add(to, a, b))
FORM(add_constant,         ADD,        Slot,   Constant, None,     three_address::add(to, a, b))
FORM(add,                  ADD,        Slot,   Slot,     None,     three_address::add(to, a, b))
FORM(sub_narrow,           SUB,        Narrow, Narrow,   None,     to = a - b)
FORM(sub_narrow_small,     SUB,        Narrow, Small,    None,     to = a - b)
FORM(sub_small,            SUB,        Slot,   Small,    None,     three_address::subtract(to, a, b))
FORM(sub_from_small,       SUB,        Small,  Slot,     None,     to = Word{a} - b)
FORM(sub,                  SUB,        Slot,   Slot,     None,     three_address::subtract(to, a, b))
FORM(mul_narrow,           MUL,        Narrow, Narrow,   None,     to = a * b)
FORM(mul_narrow_small,     MUL,        Narrow, Small,    None,     to = a * b)
FORM(mul_narrow_limb,      MUL,        Narrow, Limb,     None,     to = a * b)
FORM(mul_constant,         MUL,        Slot,   Constant, None,     three_address::multiply(to, a, b))
FORM(mul,                  MUL,        Slot,   Slot,     None,     three_address::multiply(to, a, b))
FORM(div_narrow,           DIV,        Narrow, Narrow,   None,     to = b == 0 ? 0 : a / b)
FORM(div_narrow_small,     DIV,        Narrow, Small,    None,     to = a / b)
FORM(div_constant,         DIV,        Slot,   Constant, None,     three_address::divide(to, a, b))
FORM(div,                  DIV,        Slot,   Slot,     None,     three_address::divide(to, a, b))
FORM(mod_narrow,           MOD,        Narrow, Narrow,   None,     to = b == 0 ? 0 : a % b)
FORM(mod_narrow_small,     MOD,        Narrow, Small,    None,     to = a % b)
FORM(mod_constant,         MOD,        Slot,   Constant, None,     three_address::remainder(to, a, b))
FORM(mod,                  MOD,        Slot,   Slot,     None,     three_address::remainder(to, a, b))
FORM(addmod_constant,      ADDMOD,     Slot,   Slot,     Constant, three_address::add_modulo(to, a, b, c))
FORM(addmod,               ADDMOD,     Slot,   Slot,     Slot,     three_address::add_modulo(to, a, b, c))
FORM(mulmod_constant,      MULMOD,     Slot,   Slot,     Constant, three_address::multiply_modulo(to, a, b, c))
FORM(mulmod,               MULMOD,     Slot,   Slot,     Slot,     three_address::multiply_modulo(to, a, b, c))

// Comparisons; GT and SGT are LT and SLT with exchanged operands.
FORM(less_narrow,          LT,         Narrow, Narrow,   None,     to = std::uint64_t{a < b})
FORM(less_small,           LT,         Slot,   Small,    None,     to = std::uint64_t{a.fits_u64() && a.low64() < b})
FORM(small_less,           LT,         Small,  Slot,     None,     to = std::uint64_t{!b.fits_u64() || a < b.low64()})
FORM(less_constant,        LT,         Slot,   Constant, None,     to = std::uint64_t{three_address::less(a, b)})
FORM(constant_less,        LT,         Constant, Slot,   None,     to = std::uint64_t{three_address::less(a, b)})
FORM(less,                 LT,         Slot,   Slot,     None,     to = std::uint64_t{three_address::less(a, b)})
FORM(signed_less,          SLT,        Slot,   Slot,     None,     to = std::uint64_t{three_address::less_signed(a, b)})
FORM(equal_narrow,         EQ,         Narrow, Narrow,   None,     to = std::uint64_t{a == b})
FORM(equal_small,          EQ,         Slot,   Small,    None,     to = std::uint64_t{a.fits_u64() && a.low64() == b})
FORM(equal_constant,       EQ,         Slot,   Constant, None,     to = std::uint64_t{a == b})
FORM(equal,                EQ,         Slot,   Slot,     None,     to = std::uint64_t{a == b})
FORM(is_zero_narrow,       ISZERO,     Narrow, None,     None,     to = std::uint64_t{a == 0})
FORM(is_zero,              ISZERO,     Slot,   None,     None,     to = std::uint64_t{a.is_zero()})

// Bits.
FORM(and_narrow,           AND,        Narrow, Slot,     None,     to = a & b.low64())
FORM(and_narrow_small,     AND,        Narrow, Small,    None,     to = a & b)
FORM(and_narrow_limb,      AND,        Narrow, Limb,     None,     to = a & b)
FORM(and_small,            AND,        Slot,   Small,    None,     to = a.low64() & b)
FORM(and_limb,             AND,        Slot,   Limb,     None,     to = a.low64() & b)
FORM(and_constant,         AND,        Slot,   Constant, None,     to = a & b)
FORM(and_,                 AND,        Slot,   Slot,     None,     to = a & b)
FORM(or_narrow,            OR,         Narrow, Narrow,   None,     to = a | b)
FORM(or_narrow_limb,       OR,         Narrow, Limb,     None,     to = a | b)
FORM(or_constant,          OR,         Slot,   Constant, None,     to = a | b)
FORM(or_,                  OR,         Slot,   Slot,     None,     to = a | b)
FORM(xor_narrow,           XOR,        Narrow, Narrow,   None,     to = a ^ b)
FORM(xor_narrow_limb,      XOR,        Narrow, Limb,     None,     to = a ^ b)
FORM(xor_constant,         XOR,        Slot,   Constant, None,     to = a ^ b)
FORM(xor_,                 XOR,        Slot,   Slot,     None,     to = a ^ b)
FORM(not_narrow,           NOT,        Narrow, None,     None,     to = ~a)
FORM(not_,                 NOT,        Slot,   None,     None,     to = ~a)
FORM(byte_small,           BYTE,       Small,  Slot,     None,     to = three_address::byte_at(a, b))
FORM(extend_sign_small,    SIGNEXTEND, Small,  Slot,     None,     three_address::extend_sign(to, a, b))
FORM(extend_sign,          SIGNEXTEND, Slot,   Slot,     None,     three_address::extend_sign(to, a, b))
FORM(shl_narrow,           SHL,        Shift0, Narrow,   None,     to = b << a)
FORM(shl_0,                SHL,        Shift0, Slot,     None,     three_address::shift_left<0>(to, b, a))
FORM(shl_1,                SHL,        Shift1, Slot,     None,     three_address::shift_left<1>(to, b, a))
FORM(shl_2,                SHL,        Shift2, Slot,     None,     three_address::shift_left<2>(to, b, a))
FORM(shl_3,                SHL,        Shift3, Slot,     None,     three_address::shift_left<3>(to, b, a))
FORM(shl,                  SHL,        Slot,   Slot,     None,     three_address::shift_left_by_word(to, a, b))
FORM(shr_narrow,           SHR,        Shift0, Narrow,   None,     to = b >> a)
FORM(shr_0,                SHR,        Shift0, Slot,     None,     three_address::shift_right<0>(to, b, a))
FORM(shr_1,                SHR,        Shift1, Slot,     None,     three_address::shift_right<1>(to, b, a))
FORM(shr_2,                SHR,        Shift2, Slot,     None,     three_address::shift_right<2>(to, b, a))
FORM(shr_3,                SHR,        Shift3, Slot,     None,     three_address::shift_right<3>(to, b, a))
FORM(shr,                  SHR,        Slot,   Slot,     None,     three_address::shift_right_by_word(to, a, b))

// Memory. The offset may be the sum of a word and the cell's displacement (its `c`), or of two words.
MEMORY(mload_small,        MLOAD,      Small,  None,     None,     MLOAD(to, Constant{a}))
MEMORY(mload,              MLOAD,      Slot,   None,     None,     MLOAD(to, (Offset{a, displacement})))
MEMORY(mload_indexed,      MLOAD,      Slot,   Slot,     None,     MLOAD(to, (Sum{a, b})))
MEMORY(mstore_small,       MSTORE,     Small,  Slot,     None,     MSTORE(Constant{a}, b))
MEMORY(mstore_tiny_word,   MSTORE,     Slot,   Tiny,     None,     MSTORE((Offset{a, displacement}), Word{b}))
MEMORY(mstore,             MSTORE,     Slot,   Slot,     None,     MSTORE((Offset{a, displacement}), b))
MEMORY(mstore_indexed,     MSTORE,     Slot,   Slot,     Slot,     MSTORE((Sum{a, b}), c))

// The conditions of branches with a known target. The opcode JUMPI stands for "is not zero".
BRANCH(branch,             JUMPI,      Slot,   None,     !a.is_zero())
BRANCH(branch_less_small,  LT,         Slot,   Small,    a.fits_u64() && a.low64() < b)
BRANCH(branch_small_less,  LT,         Small,  Slot,     !b.fits_u64() || a < b.low64())
BRANCH(branch_less,        LT,         Slot,   Slot,     three_address::less(a, b))
BRANCH(branch_signed_less, SLT,        Slot,   Slot,     three_address::less_signed(a, b))
BRANCH(branch_equal_small, EQ,         Slot,   Small,    a.fits_u64() && a.low64() == b)
BRANCH(branch_equal,       EQ,         Slot,   Slot,     a == b)

#undef FORM
#undef MEMORY
#undef BRANCH
// clang-format on
