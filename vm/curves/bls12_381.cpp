// The pairing of BLS12-381: Miller's loop over x and the final exponentiation, which all pairs of a product share; and its
// groups, by their fast endomorphisms.
#include "vm/curves/bls12_381.hpp"

#include <bit>

namespace interlock::vm::curves::bls12_381 {
namespace {

// --- constants ---

constexpr std::array<Fp2, 6> powers_of_gamma = [] {
    std::array<Fp2, 6> powers{Fp2::one(), power(Fp2{Fp{1}, Fp{1}}, quotient_of(Prime::modulus, -1, 6))};
    for (std::size_t k = 2; k < 6; ++k) powers[k] = powers[k - 1] * powers[1];
    return powers;
}();

// The cube root of one for which φ(X, Y) = (βX, Y) multiplies the first group by -x².
constexpr Fp beta = power(Fp{2}, quotient_of(Prime::modulus, -1, 3));

constexpr Fp2 psi_x = powers_of_gamma[2].inverse(), psi_y = powers_of_gamma[3].inverse();

// The Frobenius map of the curve over Fp12, expressed on the twist: ψ. It multiplies the second group by p, which is x
// modulo r.
Point<Fp2> frobenius(const Point<Fp2>& point) {
    return {point.x.conjugate() * psi_x, point.y.conjugate() * psi_y, point.z.conjugate()};
}

// --- multiples by x, most of whose bits are zero ---

template <class Field>
Point<Field> times_minus_x(const Point<Field>& point) {
    Point<Field> result = point;
    for (int bit = 63; bit-- > 0;) {
        result = result.doubled();
        if ((minus_x >> bit) & 1) result = result + point;
    }
    return result;
}

Fp12 power_of_x(const Fp12& f) {
    Fp12 result = f;
    for (int bit = 63; bit-- > 0;) {
        result = result.cyclotomic_square();
        if ((minus_x >> bit) & 1) result = result * f;
    }
    return result.conjugate();
}

static_assert(std::countl_zero(minus_x) == 0);

// --- the pairing ---

// In Miller's loop x counts as positive, which inverts the result.
Fp12 miller_loop(std::span<const Pair> pairs) {
    MillerLoop<Tower> product(pairs);
    for (int bit = 63; bit-- > 0;) {
        product.double_all();
        if ((minus_x >> bit) & 1)
            for (std::size_t i = 0; i < pairs.size(); ++i) product.add(i, pairs[i].q);
    }
    return product.value();
}

// f^((p^12 - 1)/r · 3), where (p^12 - 1)/r is (p^6 - 1)(p² + 1) · (p⁴ - p² + 1)/r and three times its last factor is
// (x - 1)²(x + p)(x² + p² - 1) + 3. (Hayashida, Hayasaka, Teruya: Efficient final exponentiation via cyclotomic structure
// for pairings over families of elliptic curves, 2020)
Fp12 final_exponentiation(const Fp12& f) {
    Fp12 g = f.conjugate() * f.inverse();
    g = g.frobenius().frobenius() * g;
    // From here on the inverse is the conjugate, and squares are cheap.
    Fp12 power = power_of_x(g) * g.conjugate();
    power = power_of_x(power) * power.conjugate();
    power = power_of_x(power) * power.frobenius();
    power = power_of_x(power_of_x(power)) * power.frobenius().frobenius() * power.conjugate();
    return power * g.cyclotomic_square() * g;
}

}  // namespace

const std::array<Fp2, 6>& Tower::gamma() { return powers_of_gamma; }

G1 times_x_square(const G1& point) { return {beta * point.x, -point.y}; }

G2 times_minus_x(const G2& point) { return {point.x.conjugate() * psi_x, -(point.y.conjugate() * psi_y)}; }

// φ² + φ + 1 = 0. A point with φ(P) = -x²P therefore has 0 = (x⁴ - x² + 1)P = rP. (Scott: A note on group membership tests
// for G1, G2 and GT on BLS pairing-friendly curves, 2021)
bool is_in_subgroup(const G1& point) {
    return times_minus_x(times_minus_x(Point<Fp>(point))) == Point<Fp>(times_x_square(point));
}

// ψ satisfies ψ² - tψ + p = 0, where t = x + 1. A point with ψ(Q) = xQ therefore has 0 = (x² - tx + p)Q = (p - x)Q. Its
// order divides p - x = (x - 1)²r/3 and the order of the twist, whose cofactor has no factor in common with (x - 1)²/3: so
// it divides r. (Scott, 2021)
bool is_in_subgroup(const G2& point) { return times_minus_x(Point<Fp2>(point)) == Point<Fp2>(times_minus_x(point)); }

// 1 - x.
Point<Fp> clear_cofactor(const Point<Fp>& point) { return times_minus_x(point) + point; }

// (x² - x - 1) + (x - 1)ψ + 2ψ². (Budroni, Pintore: Efficient hash maps to G2 on BLS curves, 2017)
Point<Fp2> clear_cofactor(const Point<Fp2>& point) {
    const Point<Fp2> once = -times_minus_x(point), image = frobenius(point);
    return -times_minus_x(once + image) + -once + -image + -point + frobenius(frobenius(point.doubled()));
}

Fp12 pairing_product(std::span<const Pair> pairs) { return final_exponentiation(miller_loop(pairs)); }

PreparedPoint::PreparedPoint(const G2& point) {
    Point<Fp2> t(point);
    for (int bit = 63; bit-- > 0;) {
        lines_.push_back(MillerLoop<Tower>::double_step(t));
        if ((minus_x >> bit) & 1) lines_.push_back(MillerLoop<Tower>::add_step(t, point));
    }
}

Fp12 pairing_product(std::span<const PreparedPair> pairs) {
    Fp12 product = Fp12::one();
    std::size_t step = 0;
    const auto multiply_all = [&] {
        for (const PreparedPair& pair : pairs) product = MillerLoop<Tower>::multiply(product, pair.q->lines_[step], pair.p);
        ++step;
    };
    for (int bit = 63; bit-- > 0;) {
        product = product.square();
        multiply_all();
        if ((minus_x >> bit) & 1) multiply_all();
    }
    return final_exponentiation(product);
}

}  // namespace interlock::vm::curves::bls12_381
