// Products of numbers of four or six limbs row by row, with the instructions of BMI2 and ADX: MULX leaves the flags alone,
// and ADCX and ADOX keep two chains of carries at a time, one for the low and one for the high halves of the products.
#pragma once

#include <cstddef>
#include <cstdint>

#include "vm/curves/chains.hpp"
#include "vm/limbs.hpp"

#if INTERLOCK_CHAINS
#include <cpuid.h>

namespace interlock::vm::curves::montgomery {

// Whether this CPU has MULX, ADCX and ADOX.
inline const bool has_rows = [] {
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    constexpr unsigned bmi2 = 1U << 8, adx = 1U << 19;
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & bmi2) != 0 && (ebx & adx) != 0;
}();

// N + 1 limbs of a sum of rows, in registers. After a row the lowest limb is done: `drop` moves the others down.
template <std::size_t N>
struct Row {
    std::uint64_t limb[N + 1];

    [[gnu::always_inline]] void drop() {
#pragma GCC unroll 8
        for (std::size_t i = 0; i < N; ++i) limb[i] = limb[i + 1];
        limb[N] = 0;
    }
};

// Sets the row to a·factor.
[[gnu::always_inline]] inline void set_product(Row<6>& row, const Limbs<6>& a, std::uint64_t factor) {
    std::uint64_t low;
    auto& [t] = row;
    __asm__(
        "mulxq %[a0], %[t0], %[t1]\n\t"
        "mulxq %[a1], %[low], %[t2]\n\taddq %[low], %[t1]\n\t"
        "mulxq %[a2], %[low], %[t3]\n\tadcq %[low], %[t2]\n\t"
        "mulxq %[a3], %[low], %[t4]\n\tadcq %[low], %[t3]\n\t"
        "mulxq %[a4], %[low], %[t5]\n\tadcq %[low], %[t4]\n\t"
        "mulxq %[a5], %[low], %[t6]\n\tadcq %[low], %[t5]\n\tadcq $0, %[t6]"
        : [t0] "=&r"(t[0]), [t1] "=&r"(t[1]), [t2] "=&r"(t[2]), [t3] "=&r"(t[3]), [t4] "=&r"(t[4]), [t5] "=&r"(t[5]),
          [t6] "=&r"(t[6]), [low] "=&r"(low)
        : "d"(factor), [a0] "m"(a[0]), [a1] "m"(a[1]), [a2] "m"(a[2]), [a3] "m"(a[3]), [a4] "m"(a[4]), [a5] "m"(a[5])
        : "cc");
}

// Adds a·factor.
[[gnu::always_inline]] inline void add_product(Row<6>& row, const Limbs<6>& a, std::uint64_t factor) {
    std::uint64_t low, high;
    auto& [t] = row;
    __asm__(
        "xorl %k[low], %k[low]\n\t"
        "mulxq %[a0], %[low], %[high]\n\tadcxq %[low], %[t0]\n\tadoxq %[high], %[t1]\n\t"
        "mulxq %[a1], %[low], %[high]\n\tadcxq %[low], %[t1]\n\tadoxq %[high], %[t2]\n\t"
        "mulxq %[a2], %[low], %[high]\n\tadcxq %[low], %[t2]\n\tadoxq %[high], %[t3]\n\t"
        "mulxq %[a3], %[low], %[high]\n\tadcxq %[low], %[t3]\n\tadoxq %[high], %[t4]\n\t"
        "mulxq %[a4], %[low], %[high]\n\tadcxq %[low], %[t4]\n\tadoxq %[high], %[t5]\n\t"
        "mulxq %[a5], %[low], %[high]\n\tadcxq %[low], %[t5]\n\tadoxq %[high], %[t6]\n\t"
        "adcq $0, %[t6]"
        : [t0] "+&r"(t[0]), [t1] "+&r"(t[1]), [t2] "+&r"(t[2]), [t3] "+&r"(t[3]), [t4] "+&r"(t[4]), [t5] "+&r"(t[5]),
          [t6] "+&r"(t[6]), [low] "=&r"(low), [high] "=&r"(high)
        : "d"(factor), [a0] "m"(a[0]), [a1] "m"(a[1]), [a2] "m"(a[2]), [a3] "m"(a[3]), [a4] "m"(a[4]), [a5] "m"(a[5])
        : "cc");
}

// The same for four limbs.
[[gnu::always_inline]] inline void set_product(Row<4>& row, const Limbs<4>& a, std::uint64_t factor) {
    std::uint64_t low;
    auto& [t] = row;
    __asm__(
        "mulxq %[a0], %[t0], %[t1]\n\t"
        "mulxq %[a1], %[low], %[t2]\n\taddq %[low], %[t1]\n\t"
        "mulxq %[a2], %[low], %[t3]\n\tadcq %[low], %[t2]\n\t"
        "mulxq %[a3], %[low], %[t4]\n\tadcq %[low], %[t3]\n\tadcq $0, %[t4]"
        : [t0] "=&r"(t[0]), [t1] "=&r"(t[1]), [t2] "=&r"(t[2]), [t3] "=&r"(t[3]), [t4] "=&r"(t[4]), [low] "=&r"(low)
        : "d"(factor), [a0] "rm"(a[0]), [a1] "rm"(a[1]), [a2] "rm"(a[2]), [a3] "rm"(a[3])
        : "cc");
}

[[gnu::always_inline]] inline void add_product(Row<4>& row, const Limbs<4>& a, std::uint64_t factor) {
    std::uint64_t low, high;
    auto& [t] = row;
    __asm__(
        "xorl %k[low], %k[low]\n\t"
        "mulxq %[a0], %[low], %[high]\n\tadcxq %[low], %[t0]\n\tadoxq %[high], %[t1]\n\t"
        "mulxq %[a1], %[low], %[high]\n\tadcxq %[low], %[t1]\n\tadoxq %[high], %[t2]\n\t"
        "mulxq %[a2], %[low], %[high]\n\tadcxq %[low], %[t2]\n\tadoxq %[high], %[t3]\n\t"
        "mulxq %[a3], %[low], %[high]\n\tadcxq %[low], %[t3]\n\tadoxq %[high], %[t4]\n\t"
        "adcq $0, %[t4]"
        : [t0] "+&r"(t[0]), [t1] "+&r"(t[1]), [t2] "+&r"(t[2]), [t3] "+&r"(t[3]), [t4] "+&r"(t[4]), [low] "=&r"(low),
          [high] "=&r"(high)
        : "d"(factor), [a0] "m"(a[0]), [a1] "m"(a[1]), [a2] "m"(a[2]), [a3] "m"(a[3])
        : "cc");
}

// Returns a·b/R mod modulus.
template <std::size_t N>
[[gnu::always_inline]] inline Limbs<N> multiply_by_rows(const Limbs<N>& a, const Limbs<N>& b, const Limbs<N>& modulus,
                                                        std::uint64_t minus_inverse) {
    Row<N> row;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < N; ++i) {
        i == 0 ? set_product(row, a, b[0]) : add_product(row, a, b[i]);
        add_product(row, modulus, row.limb[0] * minus_inverse);
        row.drop();
    }
    Limbs<N> result;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < N; ++i) result[i] = row.limb[i];
    return reduce_once(result, modulus);
}

// Sets `lower` and `upper` to the halves of a·b.
template <std::size_t N>
[[gnu::always_inline]] inline void multiply_wide_by_rows(Limbs<N>& lower, Limbs<N>& upper, const Limbs<N>& a,
                                                         const Limbs<N>& b) {
    Row<N> row;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < N; ++i) {
        i == 0 ? set_product(row, a, b[0]) : add_product(row, a, b[i]);
        lower[i] = row.limb[0];
        row.drop();
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < N; ++i) upper[i] = row.limb[i];
}

// Returns (lower + upper·R)/R mod modulus, for `upper` below the modulus.
template <std::size_t N>
[[gnu::always_inline]] inline Limbs<N> reduce_by_rows(const Limbs<N>& lower, const Limbs<N>& upper, const Limbs<N>& modulus,
                                                      std::uint64_t minus_inverse) {
    Row<N> row;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < N; ++i) row.limb[i] = lower[i];
    row.limb[N] = 0;
    // The lower half becomes a multiple of R, at most R times the modulus, to which the upper half is added afterwards.
#pragma GCC unroll 8
    for (std::size_t i = 0; i < N; ++i) {
        add_product(row, modulus, row.limb[0] * minus_inverse);
        row.drop();
    }
    Limbs<N> rest;
#pragma GCC unroll 8
    for (std::size_t i = 0; i < N; ++i) rest[i] = row.limb[i];
    return add_modulo(rest, upper, modulus);
}

}  // namespace interlock::vm::curves::montgomery
#endif
