// The Barreto-Naehrig curve bn254, also called alt_bn128: y² = x³ + 3 over Fp, its twist y² = x³ + 3/ξ over Fp2, and
// the optimal ate pairing of the two. (EIP-196, EIP-197)
//
// All its constants follow from one number x: p = 36x⁴ + 36x³ + 24x² + 6x + 1 and r = 36x⁴ + 36x³ + 18x² + 6x + 1, the
// order of both groups. Every point of y² = x³ + 3 is in the first group; the twist also has points outside the second
// group.
#pragma once

#include <array>
#include <span>

#include "vm/curves/miller_loop.hpp"
#include "vm/curves/point.hpp"
#include "vm/curves/prime_field.hpp"
#include "vm/curves/tower.hpp"

namespace interlock::vm::curves::bn254 {

inline constexpr std::uint64_t x = 0x44e992b44a6909f1;

struct Prime {
    static constexpr Limbs<4> modulus = {0x3c208c16d87cfd47, 0x97816a916871ca8d, 0xb85045b68181585d, 0x30644e72e131a029};
};
inline constexpr Limbs<4> order = {0x43e1f593f0000001, 0x2833e84879b97091, 0xb85045b68181585d, 0x30644e72e131a029};

using Fp = PrimeField<Prime>;

// The parameters of the field tower.
struct Tower {
    using Fp = bn254::Fp;
    using Fp2 = Quadratic<Fp>;
    static constexpr Twist twist = Twist::Divides;
    // ξ = 9 + i
    static constexpr Fp2 times_xi(const Fp2& a) {
        const Fp2 nine_times = a.doubled().doubled().doubled() + a;
        return {nine_times.real - a.imaginary, nine_times.imaginary + a.real};
    }
    // ξ^(k(p-1)/6) for k = 0…5
    static const std::array<Fp2, 6>& gamma();
};
using Fp2 = Tower::Fp2;
using Fp6 = Sextic<Tower>;
using Fp12 = Dodecic<Tower>;

using G1 = AffinePoint<Fp>;
using G2 = AffinePoint<Fp2>;

inline constexpr Fp g1_b{3};
inline constexpr Fp2 g2_b = Fp2{g1_b, {}} * Fp2{Fp{9}, Fp{1}}.inverse();

inline constexpr G1 g1_generator = {Fp{1}, Fp{2}};

// Returns whether a point of the twist is one of the r points of the second group.
[[nodiscard]] bool is_in_subgroup(const G2& point);

using Pair = MillerLoop<Tower>::Pair;

// Returns the product of all pairings to the power 2x(6x² + 3x + 1). Since that exponent is prime to r, the result is
// one exactly when the product is one, and it is cheaper to compute.
[[nodiscard]] Fp12 pairing_product(std::span<const Pair> pairs);

}  // namespace interlock::vm::curves::bn254
