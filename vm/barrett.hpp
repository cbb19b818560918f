// Remainders by a modulus whose reciprocal was computed before: two multiplications and no division. (Barrett, 1986.)
//
// The three products that this takes are written twice. ByColumns works on any CPU. ByRows uses MULX, which leaves the
// carry flag and its factor untouched and so needs half as many instructions; its caller must have checked that the CPU
// supports BMI2.
#pragma once

#include <bit>

#include "vm/limb_division.hpp"

namespace interlock::vm::limbs {

// A modulus of four limbs, the highest of which is not zero.
struct Reciprocal {
    Limbs<4> modulus{};
    unsigned shift = 0;  // moves the modulus left until its top bit is set
    Limbs<4> inverse{};  // floor((B^2 - 1) / (modulus << shift)) - B, where B = 2^256
};

inline Reciprocal reciprocal_of(const Limbs<4>& modulus) {
    const unsigned shift = static_cast<unsigned>(std::countl_zero(modulus[3]));
    const Limbs<4> divisor = shift_left(modulus, shift);
    Limbs<8> numerator;
    for (std::size_t i = 0; i < 4; ++i) {
        numerator[i] = ~std::uint64_t{0};
        numerator[i + 4] = ~divisor[i];
    }
    const auto& quotient = divide(numerator, divisor).quotient;
    return {modulus, shift, {quotient[0], quotient[1], quotient[2], quotient[3]}};
}

// --- the products ---

struct ByColumns {
    [[gnu::always_inline]] static Limbs<8> multiply(const Limbs<4>& a, const Limbs<4>& b) { return multiply_wide(a, b); }

    // Returns floor(p / divisor) or up to 2 less, from p's limbs beginning with the fourth: their upper half plus the
    // upper half of their product with the inverse v. That product has 16 parts; the parts that change the result by
    // less than 2^-60 are left out.
    [[gnu::always_inline]] static Limbs<4> estimate_quotient(const Limbs<5>& p, const Limbs<4>& v) {
        const std::uint64_t h0 = p[1], h1 = p[2], h2 = p[3], h3 = p[4];
        Column column;
        column.add_product(v[0], h2);
        column.add_product(v[1], h1);
        column.add_product(v[2], h0);
        column.take();
        column.add(p[0]);
        column.add_product(v[0], h3);
        column.add_product(v[1], h2);
        column.add_product(v[2], h1);
        column.add_product(v[3], h0);
        column.take();
        Limbs<4> quotient;
        column.add(h0);
        column.add_product(v[1], h3);
        column.add_product(v[2], h2);
        column.add_product(v[3], h1);
        quotient[0] = column.take();
        column.add(h1);
        column.add_product(v[2], h3);
        column.add_product(v[3], h2);
        quotient[1] = column.take();
        column.add(h2);
        column.add_product(v[3], h3);
        quotient[2] = column.take();
        quotient[3] = column.low + h3;
        return quotient;
    }

    // Returns the low five limbs of q·d.
    [[gnu::always_inline]] static Limbs<5> multiply_low_five(const Limbs<4>& q, const Limbs<4>& d) {
        Limbs<5> product;
        Column column;
#pragma GCC unroll 4
        for (std::size_t k = 0; k < 4; ++k) {
#pragma GCC unroll 4
            for (std::size_t i = 0; i <= k; ++i) column.add_product(q[i], d[k - i]);
            product[k] = column.take();
        }
        product[4] = column.low + q[1] * d[3] + q[2] * d[2] + q[3] * d[1];
        return product;
    }
};

#if defined(__x86_64__)
// Needs BMI2. Each row is the product of one limb of a factor with the other factor, added to the sum of the rows before.
struct ByRows {
    [[gnu::always_inline]] static Limbs<8> multiply(const Limbs<4>& a, const Limbs<4>& b) {
        Limbs<8> p;
        first_row(p[0], p[1], p[2], p[3], p[4], a, b[0]);
        add_row(p[1], p[2], p[3], p[4], p[5], a, b[1]);
        add_row(p[2], p[3], p[4], p[5], p[6], a, b[2]);
        add_row(p[3], p[4], p[5], p[6], p[7], a, b[3]);
        return p;
    }

    // The same as ByColumns's function; of the least significant parts it uses the upper halves only.
    [[gnu::always_inline]] static Limbs<4> estimate_quotient(const Limbs<5>& p, const Limbs<4>& v) {
        std::uint64_t below, q0, q1, q2, q3, low, t0, t1, t2;
        __asm__("mulxq %[v2], %[low], %[below]\n\tmulxq %[v3], %[low], %[q0]\n\taddq %[low], %[below]\n\tadcq $0, %[q0]"
                : [below] "=&r"(below), [q0] "=&r"(q0), [low] "=&r"(low)
                : "d"(p[1]), [v2] "m"(v[2]), [v3] "m"(v[3])
                : "cc");
        __asm__(
            "mulxq %[v1], %[low], %[t0]\n\tmulxq %[v2], %[low], %[t1]\n\taddq %[low], %[t0]\n\t"
            "mulxq %[v3], %[low], %[q1]\n\tadcq %[low], %[t1]\n\tadcq $0, %[q1]\n\t"
            "addq %[t0], %[below]\n\tadcq %[t1], %[q0]\n\tadcq $0, %[q1]"
            : [below] "+&r"(below), [q0] "+&r"(q0), [q1] "=&r"(q1), [low] "=&r"(low), [t0] "=&r"(t0), [t1] "=&r"(t1)
            : "d"(p[2]), [v1] "m"(v[1]), [v2] "m"(v[2]), [v3] "m"(v[3])
            : "cc");
        __asm__(
            "mulxq %[v0], %[low], %[t0]\n\tmulxq %[v1], %[low], %[t1]\n\taddq %[low], %[t0]\n\t"
            "mulxq %[v2], %[low], %[t2]\n\tadcq %[low], %[t1]\n\t"
            "mulxq %[v3], %[low], %[q2]\n\tadcq %[low], %[t2]\n\tadcq $0, %[q2]\n\t"
            "addq %[t0], %[below]\n\tadcq %[t1], %[q0]\n\tadcq %[t2], %[q1]\n\tadcq $0, %[q2]"
            : [below] "+&r"(below), [q0] "+&r"(q0), [q1] "+&r"(q1), [q2] "=&r"(q2), [low] "=&r"(low), [t0] "=&r"(t0),
              [t1] "=&r"(t1), [t2] "=&r"(t2)
            : "d"(p[3]), [v0] "m"(v[0]), [v1] "m"(v[1]), [v2] "m"(v[2]), [v3] "m"(v[3])
            : "cc");
        add_row(below, q0, q1, q2, q3, v, p[4]);
        __asm__("addq %[p0], %[below]\n\tadcq %[p1], %[q0]\n\tadcq %[p2], %[q1]\n\tadcq %[p3], %[q2]\n\tadcq %[p4], %[q3]"
                : [below] "+&r"(below), [q0] "+&r"(q0), [q1] "+&r"(q1), [q2] "+&r"(q2), [q3] "+&r"(q3)
                : [p0] "rm"(p[0]), [p1] "rm"(p[1]), [p2] "rm"(p[2]), [p3] "rm"(p[3]), [p4] "rm"(p[4])
                : "cc");
        return {q0, q1, q2, q3};
    }

    [[gnu::always_inline]] static Limbs<5> multiply_low_five(const Limbs<4>& q, const Limbs<4>& d) {
        Limbs<5> p;
        std::uint64_t low, t0, t1, t2, t3, rest;
        first_row(p[0], p[1], p[2], p[3], p[4], d, q[0]);
        __asm__(
            "mulxq %[d0], %[t0], %[t1]\n\tmulxq %[d1], %[low], %[t2]\n\taddq %[low], %[t1]\n\t"
            "mulxq %[d2], %[low], %[t3]\n\tadcq %[low], %[t2]\n\tmulxq %[d3], %[low], %%rdx\n\tadcq %[low], %[t3]\n\t"
            "addq %[t0], %[p1]\n\tadcq %[t1], %[p2]\n\tadcq %[t2], %[p3]\n\tadcq %[t3], %[p4]"
            : [p1] "+&r"(p[1]), [p2] "+&r"(p[2]), [p3] "+&r"(p[3]), [p4] "+&r"(p[4]), [low] "=&r"(low), [t0] "=&r"(t0),
              [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), "=&d"(rest)
            : "9"(q[1]), [d0] "m"(d[0]), [d1] "m"(d[1]), [d2] "m"(d[2]), [d3] "m"(d[3])
            : "cc");
        __asm__(
            "mulxq %[d0], %[t0], %[t1]\n\tmulxq %[d1], %[low], %[t2]\n\taddq %[low], %[t1]\n\t"
            "mulxq %[d2], %[low], %%rdx\n\tadcq %[low], %[t2]\n\t"
            "addq %[t0], %[p2]\n\tadcq %[t1], %[p3]\n\tadcq %[t2], %[p4]"
            : [p2] "+&r"(p[2]), [p3] "+&r"(p[3]), [p4] "+&r"(p[4]), [low] "=&r"(low), [t0] "=&r"(t0), [t1] "=&r"(t1),
              [t2] "=&r"(t2), "=&d"(rest)
            : "7"(q[2]), [d0] "m"(d[0]), [d1] "m"(d[1]), [d2] "m"(d[2])
            : "cc");
        __asm__(
            "mulxq %[d0], %[t0], %[t1]\n\tmulxq %[d1], %[low], %%rdx\n\taddq %[t0], %[p3]\n\tadcq %[t1], %[p4]\n\t"
            "addq %[low], %[p4]"
            : [p3] "+&r"(p[3]), [p4] "+&r"(p[4]), [low] "=&r"(low), [t0] "=&r"(t0), [t1] "=&r"(t1), "=&d"(rest)
            : "5"(q[3]), [d0] "m"(d[0]), [d1] "m"(d[1])
            : "cc");
        return p;
    }

  private:
    [[gnu::always_inline]] static void first_row(std::uint64_t& r0, std::uint64_t& r1, std::uint64_t& r2, std::uint64_t& r3,
                                                 std::uint64_t& r4, const Limbs<4>& a, std::uint64_t factor) {
        std::uint64_t low;
        __asm__(
            "mulxq %[a0], %[r0], %[r1]\n\tmulxq %[a1], %[low], %[r2]\n\taddq %[low], %[r1]\n\t"
            "mulxq %[a2], %[low], %[r3]\n\tadcq %[low], %[r2]\n\t"
            "mulxq %[a3], %[low], %[r4]\n\tadcq %[low], %[r3]\n\tadcq $0, %[r4]"
            : [r0] "=&r"(r0), [r1] "=&r"(r1), [r2] "=&r"(r2), [r3] "=&r"(r3), [r4] "=&r"(r4), [low] "=&r"(low)
            : "d"(factor), [a0] "m"(a[0]), [a1] "m"(a[1]), [a2] "m"(a[2]), [a3] "m"(a[3])
            : "cc");
    }

    [[gnu::always_inline]] static void add_row(std::uint64_t& r0, std::uint64_t& r1, std::uint64_t& r2, std::uint64_t& r3,
                                               std::uint64_t& r4, const Limbs<4>& a, std::uint64_t factor) {
        std::uint64_t t0, t1, t2, t3, low;
        first_row(t0, t1, t2, t3, low, a, factor);
        __asm__("addq %[t0], %[r0]\n\tadcq %[t1], %[r1]\n\tadcq %[t2], %[r2]\n\tadcq %[t3], %[r3]\n\tadcq $0, %[low]"
                : [r0] "+&r"(r0), [r1] "+&r"(r1), [r2] "+&r"(r2), [r3] "+&r"(r3), [low] "+&r"(low)
                : [t0] "r"(t0), [t1] "r"(t1), [t2] "r"(t2), [t3] "r"(t3)
                : "cc");
        r4 = low;
    }
};
#endif

// --- the reduction ---

// Returns the upper five limbs of p moved left by less than a limb. The bits that leave at the top are zero.
[[gnu::always_inline]] inline Limbs<5> upper_moved_left(const Limbs<8>& p, unsigned bits) {
    const auto joined = [bits](std::uint64_t high, std::uint64_t low) { return high << bits | low >> 1 >> (63 - bits); };
    return {joined(p[3], p[2]), joined(p[4], p[3]), joined(p[5], p[4]), joined(p[6], p[5]), joined(p[7], p[6])};
}

// Returns p modulo r.modulus, for p below B·modulus.
template <class Products>
[[gnu::always_inline]] inline Limbs<4> reduce(const Limbs<8>& p, const Reciprocal& r) {
    const Limbs<4> quotient = Products::estimate_quotient(upper_moved_left(p, r.shift), r.inverse);
    const Limbs<5> multiple = Products::multiply_low_five(quotient, r.modulus);
    const Sum256 rest = subtract({p[0], p[1], p[2], p[3]}, {multiple[0], multiple[1], multiple[2], multiple[3]});
    const std::uint64_t top = p[4] - multiple[4] - rest.carry;  // above the four limbs: 0, 1 or 2
    const Sum256 less_one = subtract(rest.value, r.modulus);
    const bool once = top >= std::uint64_t{less_one.carry};
    const Limbs<4> result = select(once, less_one.value, rest.value);
    // The estimate is rarely 2 too small. Usually the highest limbs alone show that it was not.
    if (top <= std::uint64_t{less_one.carry} && result[3] < r.modulus[3]) [[likely]]
        return result;
    const bool twice = top > std::uint64_t{less_one.carry} || !less(result, r.modulus);
    return twice ? subtract(result, r.modulus).value : result;
}

// Returns a·b modulo r.modulus, for a below the modulus and any b.
template <class Products>
[[gnu::always_inline]] inline Limbs<4> multiply_modulo(const Limbs<4>& a, const Limbs<4>& b, const Reciprocal& r) {
    return reduce<Products>(Products::multiply(a, b), r);
}

// Returns a modulo r.modulus. The quotient fits a limb, and the estimate from the leading limbs is at most 2 too small.
[[gnu::always_inline]] inline Limbs<4> remainder_by(const Limbs<4>& a, const Reciprocal& r) {
    const std::uint64_t high = a[3] >> 1 >> (63 - r.shift);
    const std::uint64_t low = a[3] << r.shift | a[2] >> 1 >> (63 - r.shift);
    const std::uint64_t inverse = r.inverse[3];
    const std::uint64_t quotient = high + high_of(U128{high} * inverse + low + high_of(U128{low} * inverse));
    const Limbs<4>& m = r.modulus;
    const U128 p0 = U128{m[0]} * quotient;
    const U128 p1 = U128{m[1]} * quotient + high_of(p0);
    const U128 p2 = U128{m[2]} * quotient + high_of(p1);
    Limbs<4> rest = subtract(a, {low_of(p0), low_of(p1), low_of(p2), m[3] * quotient + high_of(p2)}).value;
    while (!less(rest, m)) rest = subtract(rest, m).value;
    return rest;
}

}  // namespace interlock::vm::limbs
