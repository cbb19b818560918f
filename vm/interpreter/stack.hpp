// Constants, copies and exchanges on the stack, and the instructions that move the program counter.
#pragma once

#include <bit>
#include <cstring>
#include <utility>

#include "vm/code.hpp"
#include "vm/gas.hpp"
#include "vm/word.hpp"

namespace interlock::vm::instruction {

// Copies limb by limb. The word was often written limb by limb a moment ago, and a load that is wider than the stores
// it reads cannot be forwarded: it waits until they have left the processor's store queue.
[[gnu::always_inline]] inline void copy(Word& to, const Word& from) {
    const std::uint64_t l0 = from.limbs[0], l1 = from.limbs[1], l2 = from.limbs[2], l3 = from.limbs[3];
    to.limbs[0] = l0;
    to.limbs[1] = l1;
    to.limbs[2] = l2;
    to.limbs[3] = l3;
}

[[gnu::always_inline]] inline void exchange(Word& a, Word& b) {
    for (std::size_t i = 0; i < 4; ++i) std::swap(a.limbs[i], b.limbs[i]);
}

[[nodiscard]] inline std::uint64_t load_big_endian(const std::uint8_t* bytes) {
    std::uint64_t value;
    std::memcpy(&value, bytes, sizeof value);
    if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
    return value;
}

inline void POP(Word*) {}
inline void PUSH0(Word* top) { top[1] = Word{}; }

// Reads the immediate in whole limbs where possible; the padding after the code makes that safe.
template <int bytes>
const std::uint8_t* push(Word* top, const std::uint8_t* pc, const Code&) {
    constexpr int whole = bytes / 8, rest = bytes % 8;
    const std::uint8_t* const data = pc + 1;
    Word& word = top[1];
    if constexpr (whole < 4) word.limbs[whole] = rest == 0 ? 0 : load_big_endian(data) >> ((64 - 8 * rest) % 64);
    for (int limb = whole + 1; limb < 4; ++limb) word.limbs[limb] = 0;
    for (int limb = 0; limb < whole; ++limb) word.limbs[limb] = load_big_endian(data + rest + 8 * (whole - 1 - limb));
    return pc + 1 + bytes;
}

template <int n>
void dup(Word* top) {
    copy(top[1], top[1 - n]);
}

template <int n>
void swap(Word* top) {
    exchange(top[-n], top[0]);
}

// The opcodes' names: DUP1 is dup<1>, and so on.
// clang-format off
#define TO_16(NAME) \
    NAME(1) NAME(2) NAME(3) NAME(4) NAME(5) NAME(6) NAME(7) NAME(8) \
    NAME(9) NAME(10) NAME(11) NAME(12) NAME(13) NAME(14) NAME(15) NAME(16)
#define FROM_17_TO_32(NAME) \
    NAME(17) NAME(18) NAME(19) NAME(20) NAME(21) NAME(22) NAME(23) NAME(24) \
    NAME(25) NAME(26) NAME(27) NAME(28) NAME(29) NAME(30) NAME(31) NAME(32)
#define NAME_DUP(n) inline constexpr auto& DUP##n = dup<n>;
#define NAME_SWAP(n) inline constexpr auto& SWAP##n = swap<n>;
#define NAME_PUSH(n) inline constexpr auto& PUSH##n = push<n>;
TO_16(NAME_DUP)
TO_16(NAME_SWAP)
TO_16(NAME_PUSH) FROM_17_TO_32(NAME_PUSH)
#undef TO_16
#undef FROM_17_TO_32
#undef NAME_DUP
#undef NAME_SWAP
#undef NAME_PUSH
    // clang-format on

    // Returns null if the target is not a jump destination.
    [[nodiscard, gnu::always_inline]] inline const std::uint8_t* jump_to(const Word& target, const Code& code) {
    if (!target.fits_u64() || !code.is_jump_target(target.low64())) return nullptr;
    return code.begin() + target.low64();
}

inline const std::uint8_t* JUMP(Word* top, const std::uint8_t*, const Code& code) { return jump_to(top[0], code); }

inline const std::uint8_t* JUMPI(Word* top, const std::uint8_t* pc, const Code& code) {
    return top[-1].is_zero() ? pc + 1 : jump_to(top[0], code);
}

inline void JUMPDEST(Word*) {}

inline const std::uint8_t* PC(Word* top, const std::uint8_t* pc, const Code& code) {
    top[1] = static_cast<std::uint64_t>(pc - code.begin());
    return pc + 1;
}

inline void GAS(Word* top, Gas left) { top[1] = static_cast<std::uint64_t>(left.units); }

}  // namespace interlock::vm::instruction
