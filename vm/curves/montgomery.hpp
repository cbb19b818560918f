// Montgomery's arithmetic on N limbs: sums modulo p, products, and their reduction.
//
// x is stored as x·R mod p, where R = 2^(64N), so that reducing a product takes N multiplications of p by a limb instead of
// a division. (Montgomery, 1985.) Where the CPU has MULX, ADCX and ADOX, products are made row by row with two chains of
// carries at a time (vm/curves/rows.hpp), otherwise column by column (FIPS of Koç, Acar and Kaliski, 1996).
//
// p must be below R/4. Then sums of two numbers below p may be multiplied without being reduced, and no step leaves a carry.
#pragma once

#include "vm/curves/chains.hpp"
#include "vm/curves/rows.hpp"
#include "vm/limbs.hpp"

namespace interlock::vm::curves::montgomery {

// Returns -1/modulus mod 2^64 by Newton's iteration. Three bits are right at first, and each step doubles their number.
constexpr std::uint64_t negated_inverse(std::uint64_t odd) {
    std::uint64_t inverse = odd;
    for (int i = 0; i < 5; ++i) inverse *= 2 - odd * inverse;
    return -inverse;
}

template <std::size_t N>
constexpr Limbs<N> power_of_two(std::size_t exponent, const Limbs<N>& modulus) {
    Limbs<N> result{1};
    for (std::size_t i = 0; i < exponent; ++i) result = add_modulo(result, result, modulus);
    return result;
}

// Returns a·b/R mod modulus. To each low column it adds the multiple of the modulus that makes the column vanish.
template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> multiply_by_columns(const Limbs<N>& a, const Limbs<N>& b, const Limbs<N>& modulus,
                                                              std::uint64_t minus_inverse) {
    limbs::Column column;
    Limbs<N> factor{}, result{};
#pragma GCC unroll 8
    for (std::size_t k = 0; k < N; ++k) {
#pragma GCC unroll 8
        for (std::size_t i = 0; i <= k; ++i) column.add_product(a[i], b[k - i]);
#pragma GCC unroll 8
        for (std::size_t i = 0; i < k; ++i) column.add_product(factor[i], modulus[k - i]);
        factor[k] = column.low * minus_inverse;
        column.add_product(factor[k], modulus[0]);
        column.take();
    }
#pragma GCC unroll 8
    for (std::size_t k = N; k < 2 * N - 1; ++k) {
#pragma GCC unroll 8
        for (std::size_t i = k - N + 1; i < N; ++i) {
            column.add_product(a[i], b[k - i]);
            column.add_product(factor[i], modulus[k - i]);
        }
        result[k - N] = column.take();
    }
    result[N - 1] = column.take();
    return reduce_once(result, modulus);
}

// Sets `lower` and `upper` to the halves of a·b.
template <std::size_t N>
[[gnu::always_inline]] constexpr void multiply_wide_by_columns(Limbs<N>& lower, Limbs<N>& upper, const Limbs<N>& a,
                                                               const Limbs<N>& b) {
    const Limbs<2 * N> product = limbs::multiply_wide(a, b);
    for (std::size_t i = 0; i < N; ++i) lower[i] = product[i], upper[i] = product[N + i];
}

// Returns (lower + upper·R)/R mod modulus, for `upper` below the modulus.
template <std::size_t N>
[[gnu::always_inline]] constexpr Limbs<N> reduce_by_columns(const Limbs<N>& lower, const Limbs<N>& upper,
                                                            const Limbs<N>& modulus, std::uint64_t minus_inverse) {
    limbs::Column column;
    Limbs<N> factor{}, result{};
#pragma GCC unroll 8
    for (std::size_t k = 0; k < N; ++k) {
        column.add(lower[k]);
#pragma GCC unroll 8
        for (std::size_t i = 0; i < k; ++i) column.add_product(factor[i], modulus[k - i]);
        factor[k] = column.low * minus_inverse;
        column.add_product(factor[k], modulus[0]);
        column.take();
    }
#pragma GCC unroll 8
    for (std::size_t k = N; k < 2 * N - 1; ++k) {
        column.add(upper[k - N]);
#pragma GCC unroll 8
        for (std::size_t i = k - N + 1; i < N; ++i) column.add_product(factor[i], modulus[k - i]);
        result[k - N] = column.take();
    }
    column.add(upper[N - 1]);
    result[N - 1] = column.take();
    return reduce_once(result, modulus);
}

}  // namespace interlock::vm::curves::montgomery
