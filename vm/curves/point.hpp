// Points of curves y² = x³ + b over any field.
//
// Sums are computed in Jacobian coordinates, (X/Z², Y/Z³), which need no inversion. The running time depends on the
// operands; that is fine because an EVM has no secrets. (Explicit-Formulas Database, short Weierstrass, a = 0: dbl-2009-l.)
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "vm/limbs.hpp"

namespace interlock::vm::curves {

// A point that is not infinity.
template <class Field>
struct AffinePoint {
    Field x, y;

    friend constexpr bool operator==(const AffinePoint&, const AffinePoint&) = default;
    friend constexpr AffinePoint operator-(const AffinePoint& a) { return {a.x, -a.y}; }
    [[nodiscard]] constexpr bool is_on_curve(const Field& b) const { return y.square() == x.square() * x + b; }
};

template <class Field>
struct Point {
    Field x = Field::one(), y = Field::one(), z;  // the default is infinity

    constexpr Point() = default;
    constexpr Point(const Field& x, const Field& y, const Field& z) : x(x), y(y), z(z) {}
    explicit constexpr Point(const AffinePoint<Field>& point) : x(point.x), y(point.y), z(Field::one()) {}

    [[nodiscard]] constexpr bool is_infinity() const { return z.is_zero(); }

    // Returns std::nullopt for infinity.
    [[nodiscard]] constexpr std::optional<AffinePoint<Field>> to_affine() const {
        if (is_infinity()) return std::nullopt;
        const Field inverse = z.inverse(), square = inverse.square();
        return AffinePoint<Field>{x * square, y * (square * inverse)};
    }

    friend constexpr bool operator==(const Point& a, const Point& b) {
        if (a.is_infinity() || b.is_infinity()) return a.is_infinity() && b.is_infinity();
        const Field a_square = a.z.square(), b_square = b.z.square();
        return a.x * b_square == b.x * a_square && a.y * (b_square * b.z) == b.y * (a_square * a.z);
    }
    friend constexpr Point operator-(const Point& a) { return {a.x, -a.y, a.z}; }

    [[nodiscard]] constexpr Point doubled() const {
        const Field a = x.square(), b = y.square(), c = b.square();
        const Field d = ((x + b).square() - a - c).doubled();
        const Field e = a.doubled() + a;
        const Field new_x = e.square() - d.doubled();
        return {new_x, e * (d - new_x) - c.doubled().doubled().doubled(), (y * z).doubled()};
    }

    friend constexpr Point operator+(const Point& a, const Point& b) {
        if (a.is_infinity()) return b;
        if (b.is_infinity()) return a;
        const Field a_square = a.z.square(), b_square = b.z.square();
        const Field a_x = a.x * b_square, a_y = a.y * (b_square * b.z);
        const Field run = b.x * a_square - a_x, rise = b.y * (a_square * a.z) - a_y;
        if (run.is_zero()) return rise.is_zero() ? a.doubled() : Point{};
        const Field run_square = run.square(), run_cube = run_square * run, base = a_x * run_square;
        const Field x = rise.square() - run_cube - base.doubled();
        return {x, rise * (base - x) - a_y * run_cube, a.z * b.z * run};
    }

    friend constexpr Point operator+(const Point& a, const AffinePoint<Field>& b) {
        if (a.is_infinity()) return Point(b);
        const Field square = a.z.square();
        const Field run = b.x * square - a.x, rise = b.y * (square * a.z) - a.y;
        if (run.is_zero()) return rise.is_zero() ? a.doubled() : Point{};
        const Field run_square = run.square(), run_cube = run_square * run, base = a.x * run_square;
        const Field x = rise.square() - run_cube - base.doubled();
        return {x, rise * (base - x) - a.y * run_cube, a.z * run};
    }

    // Returns `scalar` times this point, using four bits of the scalar at a time.
    template <std::size_t N>
    [[nodiscard]] constexpr Point times(const limbs::Limbs<N>& scalar) const {
        std::array<Point, 16> multiples{};
        multiples[1] = *this;
        for (std::size_t i = 2; i < 16; ++i)
            multiples[i] = i % 2 == 0 ? multiples[i / 2].doubled() : multiples[i - 1] + *this;
        Point result;
        for (std::size_t digit = 16 * limbs::significant(scalar); digit-- > 0;) {
            if (!result.is_infinity())
                for (int i = 0; i < 4; ++i) result = result.doubled();
            result = result + multiples[(scalar[digit / 16] >> (4 * (digit % 16))) & 15];
        }
        return result;
    }
};

// The affine forms of points none of which is infinity, with a single inversion. (Montgomery, 1987)
template <class Field>
std::vector<AffinePoint<Field>> to_affine(const std::vector<Point<Field>>& points) {
    std::vector<Field> products{Field::one()};  // of the first z, of the first two, …
    for (const Point<Field>& point : points) products.push_back(products.back() * point.z);
    std::vector<AffinePoint<Field>> affine(points.size());
    Field inverse = products.back().inverse();
    for (std::size_t i = points.size(); i-- > 0;) {
        const Field z_inverse = inverse * products[i], square = z_inverse.square();
        affine[i] = {points[i].x * square, points[i].y * (square * z_inverse)};
        inverse = inverse * points[i].z;
    }
    return affine;
}

}  // namespace interlock::vm::curves
