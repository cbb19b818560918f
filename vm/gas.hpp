// Gas: what execution costs. A type of its own, so that gas, wei and byte counts never mix.
#pragma once

#include <compare>
#include <cstdint>

namespace interlock::vm {

// The type is signed because a meter is charged first and checked afterwards. No cost comes near 2^62.
struct Gas {
    std::int64_t units = 0;

    friend constexpr auto operator<=>(Gas, Gas) = default;
    constexpr Gas& operator+=(Gas other) {
        units += other.units;
        return *this;
    }
    constexpr Gas& operator-=(Gas other) {
        units -= other.units;
        return *this;
    }
    friend constexpr Gas operator+(Gas a, Gas b) { return {a.units + b.units}; }
    friend constexpr Gas operator-(Gas a, Gas b) { return {a.units - b.units}; }
    friend constexpr Gas operator*(Gas a, std::int64_t n) { return {a.units * n}; }
    friend constexpr Gas operator/(Gas a, std::int64_t n) { return {a.units / n}; }
};

// EIP-150: a caller keeps a 64th of its gas; the callee gets at most the rest.
[[nodiscard]] constexpr Gas all_but_one_64th(Gas gas) { return gas - gas / 64; }

}  // namespace interlock::vm
