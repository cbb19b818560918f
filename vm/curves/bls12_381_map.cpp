// The maps of field elements to points of BLS12-381: the simplified map of Shallue, van de Woestijne and Ulas to a curve
// y² = x³ + A'x + B', from which an isogeny leads to the curve. (RFC 9380, sections 6.6.2, 6.6.3, 8.8, appendix E;
// Wahby, Boneh: Fast and simple constant-time hashing to the BLS12-381 elliptic curve, 2019)
#include "vm/curves/bls12_381_isogenies.hpp"

namespace interlock::vm::curves::bls12_381 {
namespace {

// y² = x³ + ax + b, and the map's constant z, which is not a square.
template <class Field>
struct MapCurve {
    Field a, b, z;

    [[nodiscard]] constexpr Field right_side(const Field& x) const { return (x.square() + a) * x + b; }
};

constexpr MapCurve<Fp> g1_map = {
    .a = Fp::hex("144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1d"),
    .b = Fp::hex("12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0"),
    .z = Fp{11}};
constexpr MapCurve<Fp2> g2_map = {.a = {Fp{0}, Fp{240}}, .b = {Fp{1012}, Fp{1012}}, .z = {-Fp{2}, -Fp{1}}};

// sgn0 of RFC 9380, section 4.1.
bool sign(const Fp& a) { return a.is_odd(); }
bool sign(const Fp2& a) { return a.real.is_zero() ? a.imaginary.is_odd() : a.real.is_odd(); }

template <class Field>
AffinePoint<Field> map_simply(const Field& u, const MapCurve<Field>& curve) {
    const Field step = curve.z * u.square(), denominator = step.square() + step;
    const Field ratio = curve.b * (denominator.is_zero() ? curve.z * curve.a : -curve.a * denominator).inverse();
    AffinePoint<Field> point;
    point.x = denominator.is_zero() ? ratio : ratio * (denominator + Field::one());
    std::optional<Field> root = curve.right_side(point.x).square_root();
    if (!root) {  // then there is one at the second place
        point.x = point.x * step;
        root = curve.right_side(point.x).square_root();
    }
    point.y = sign(*root) == sign(u) ? *root : -*root;
    return point;
}

template <class Field, std::size_t N>
Field evaluate(const std::array<Field, N>& coefficients, const Field& x) {
    Field value = coefficients[N - 1];
    for (std::size_t i = N - 1; i-- > 0;) value = value * x + coefficients[i];
    return value;
}

// A denominator is zero where the image is infinity.
template <class Field, std::size_t degree>
Point<Field> image(const AffinePoint<Field>& point, const Isogeny<Field, degree>& isogeny) {
    const Field x_denominator = evaluate(isogeny.x_denominator, point.x);
    const Field y_denominator = evaluate(isogeny.y_denominator, point.x);
    const Field z = x_denominator * y_denominator, z_square = z.square();
    return {evaluate(isogeny.x_numerator, point.x) * y_denominator * z,
            point.y * evaluate(isogeny.y_numerator, point.x) * x_denominator * z_square, z};
}

}  // namespace

Point<Fp> map_to_curve(const Fp& u) { return image(map_simply(u, g1_map), g1_isogeny); }
Point<Fp2> map_to_curve(const Fp2& u) { return image(map_simply(u, g2_map), g2_isogeny); }

}  // namespace interlock::vm::curves::bls12_381
