// Memory: loads, stores and copies, which pay for the growth of memory, and KECCAK256 over it.
#pragma once

#include "vm/interpreter/core.hpp"
#include "vm/interpreter/stack.hpp"

namespace interlock::vm::instruction {

inline constexpr Gas copied_word_price{3};
inline constexpr Gas hashed_word_price{6};

[[nodiscard]] constexpr std::int64_t words_of(std::uint64_t bytes) { return static_cast<std::int64_t>((bytes + 31) / 32); }

inline void store_big_endian(std::uint8_t* bytes, std::uint64_t value) {
    if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
    std::memcpy(bytes, &value, sizeof value);
}

[[nodiscard, gnu::always_inline]] inline bool extend_for(const Word& offset, std::uint64_t bytes, Core& core, Gas& gas) {
    return offset.fits_u64() && offset.low64() >> 32 == 0 && core.memory.extend_to(offset.low64() + bytes, gas);
}

inline Status MLOAD(Word* top, Core& core, Gas& gas) {
    if (!extend_for(top[0], 32, core, gas)) return Status::OutOfGas;
    const std::uint8_t* const bytes = core.memory.data() + top[0].low64();
    top[0] = {load_big_endian(bytes), load_big_endian(bytes + 8), load_big_endian(bytes + 16), load_big_endian(bytes + 24)};
    return Status::Success;
}

inline Status MSTORE(Word* top, Core& core, Gas& gas) {
    if (!extend_for(top[0], 32, core, gas)) return Status::OutOfGas;
    std::uint8_t* const bytes = core.memory.data() + top[0].low64();
    for (int limb = 0; limb < 4; ++limb) store_big_endian(bytes + 8 * (3 - limb), top[-1].limbs[limb]);
    return Status::Success;
}

inline Status MSTORE8(Word* top, Core& core, Gas& gas) {
    if (!extend_for(top[0], 1, core, gas)) return Status::OutOfGas;
    core.memory.data()[top[0].low64()] = static_cast<std::uint8_t>(top[-1].low64());
    return Status::Success;
}

inline void MSIZE(Word* top, Core& core) { top[1] = std::uint64_t{core.memory.size()}; }

Status MCOPY(Word* top, Core& core, Gas& gas);  // EIP-5656
Status KECCAK256(Word* top, Core& core, Gas& gas);
Status CALLDATACOPY(Word* top, Core& core, Gas& gas);
Status CODECOPY(Word* top, Core& core, Gas& gas);
Status RETURNDATACOPY(Word* top, Core& core, Gas& gas);
Status EXTCODECOPY(Word* top, Core& core, Gas& gas);

}  // namespace interlock::vm::instruction
