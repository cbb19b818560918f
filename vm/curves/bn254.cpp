// The optimal ate pairing of bn254: Miller's loop over 6x + 2, two more steps, and the final exponentiation, which all
// pairs of a product share. (Vercauteren: Optimal pairings, 2010; Beuchat et al.: High-speed software implementation of
// the optimal ate pairing over Barreto-Naehrig curves, 2010.)
#include "vm/curves/bn254.hpp"

#include <bit>

namespace interlock::vm::curves::bn254 {
namespace {

// --- constants ---

constexpr std::array<Fp2, 6> powers_of_gamma = [] {
    std::array<Fp2, 6> powers{Fp2::one(), power(Fp2{Fp{9}, Fp{1}}, quotient_of(Prime::modulus, -1, 6))};
    for (std::size_t k = 2; k < 6; ++k) powers[k] = powers[k - 1] * powers[1];
    return powers;
}();

// The digits -1, 0, 1 of 6x + 2, lowest first. No two nonzero digits are adjacent.
constexpr std::size_t loop_digits = 66;
constexpr std::array<int, loop_digits> loop = [] {
    std::array<int, loop_digits> digits{};
    limbs::U128 rest = limbs::U128{x} * 6 + 2;
    for (int& digit : digits) {
        if (rest % 2 == 1) digit = rest % 4 == 1 ? 1 : -1;
        rest = (digit < 0 ? rest + 1 : rest - static_cast<unsigned>(digit)) / 2;
    }
    return digits;
}();
static_assert(loop[loop_digits - 1] == 1);

// The Frobenius map of the curve over Fp12, expressed on the twist.
G2 frobenius(const G2& point) {
    return {point.x.conjugate() * powers_of_gamma[2], point.y.conjugate() * powers_of_gamma[3]};
}

// --- Miller's loop ---

Fp12 miller_loop(std::span<const Pair> pairs) {
    MillerLoop<Tower> product(pairs);
    for (std::size_t digit = loop_digits - 1; digit-- > 0;) {
        product.double_all();
        if (loop[digit] == 0) continue;
        for (std::size_t i = 0; i < pairs.size(); ++i) product.add(i, loop[digit] > 0 ? pairs[i].q : -pairs[i].q);
    }
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const G2 once = frobenius(pairs[i].q);
        product.add(i, once);
        product.add(i, -frobenius(once));
    }
    return product.value();
}

// --- the final exponentiation ---

Fp12 power_of_x(const Fp12& f) {
    Fp12 result = f;
    for (int bit = 63 - std::countl_zero(x); bit-- > 0;) {
        result = result.cyclotomic_square();
        if ((x >> bit) & 1) result = result * f;
    }
    return result;
}

// f^((p^12 - 1)/r · 2x(6x² + 3x + 1)), where (p^12 - 1)/r is (p^6 - 1)(p² + 1) · (p⁴ - p² + 1)/r and the multiple of
// its last factor is
//   (12x³ + 12x² + 6x + 1) + (12x³ + 6x² + 4x) p + (12x³ + 6x² + 6x) p² + (12x³ + 6x² + 4x - 1) p³.
// (Fuentes-Castañeda, Knapp, Rodríguez-Henríquez: Faster hashing to G2, 2011, section 5)
Fp12 final_exponentiation(const Fp12& f) {
    Fp12 g = f.conjugate() * f.inverse();
    g = g.frobenius().frobenius() * g;
    // From here on the inverse is the conjugate, and squares are cheap.
    const Fp12 g_2x = power_of_x(g).cyclotomic_square();
    const Fp12 g_6x = g_2x.cyclotomic_square() * g_2x;
    const Fp12 g_6x2 = power_of_x(g_6x);
    const Fp12 g_12x3 = power_of_x(g_6x2.cyclotomic_square());
    const Fp12 third = g_12x3 * g_6x2 * g_6x;
    const Fp12 second = third * g_2x.conjugate();
    const Fp12 first = third * g_6x2 * g;
    const Fp12 fourth = second * g.conjugate();
    return first * (second * (third * fourth.frobenius()).frobenius()).frobenius();
}

}  // namespace

const std::array<Fp2, 6>& Tower::gamma() { return powers_of_gamma; }

// The Frobenius map ψ of the twist satisfies ψ² - tψ + p = 0, where t = 6x² + 1. A point with ψ(Q) = (t - 1)Q therefore
// has 0 = ((t - 1)² - t(t - 1) + p)Q = (p + 1 - t)Q = rQ. In the group, conversely, ψ multiplies by p, which is t - 1
// modulo r.
bool is_in_subgroup(const G2& point) {
    const limbs::U128 six_x_square = limbs::U128{x} * x * 6;
    const Limbs<2> trace_minus_1 = {limbs::low_of(six_x_square), limbs::high_of(six_x_square)};
    return Point<Fp2>(point).times(trace_minus_1) == Point<Fp2>(frobenius(point));
}

Fp12 pairing_product(std::span<const Pair> pairs) { return final_exponentiation(miller_loop(pairs)); }

}  // namespace interlock::vm::curves::bn254
