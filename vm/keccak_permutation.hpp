// Keccak-f[1600], the permutation inside Keccak-256: in C++ for every CPU, and in assembly for x86-64 with BMI1 and
// BMI2. Both give the same state. Only keccak.cpp and the tests that compare the two include this file. (The Keccak
// reference, version 3.0, section 1.2.)
#pragma once

#include <array>
#include <cstdint>

namespace interlock::vm::keccak {

using State = std::array<std::uint64_t, 25>;  // lane x + 5 y

inline constexpr std::array<std::uint64_t, 24> round_constants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

void permute_portably(State& state);

#if defined(__x86_64__)
[[nodiscard]] bool has_bmi();
void permute_with_bmi(State& state);  // only where has_bmi()
#endif

}  // namespace interlock::vm::keccak
