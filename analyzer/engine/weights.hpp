// Fingerprints that are kept up to date by addition.
//
// Every variable has a random weight, and the fingerprint of a state is the sum of weight times value, modulo 2^64, mixed.
// So changing a variable costs a multiplication, and undoing the change is another one. Two states have the same sum if
// the weights give zero for their difference; a given difference has that with probability 2^-64 (or 2^(k-64), if all of it
// is divisible by 2^k). Many pairs of states have the same difference, so the bound of `collision_odds` is a generous one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace interlock::analyzer::engine {

// Maps 64 bits to 64 well mixed ones, one to one. (The finaliser of SplitMix64; Steele et al., 2014)
[[nodiscard]] constexpr std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

// The weight of the variable with this number: odd, so that no value but zero makes it vanish.
[[nodiscard]] constexpr std::uint64_t weight(std::uint64_t variable) {
    return mixed((variable + 1) * 0x9e3779b97f4a7c15ULL) | 1;
}

// The weights of variables with consecutive numbers.
template <std::size_t count>
[[nodiscard]] constexpr std::array<std::uint64_t, count> weights(std::uint64_t first) {
    std::array<std::uint64_t, count> all{};
    for (std::size_t i = 0; i < count; ++i) all[i] = weight(first + i);
    return all;
}

}  // namespace interlock::analyzer::engine
