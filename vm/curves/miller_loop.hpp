// Miller's loop, which pairings of Barreto-Naehrig and Barreto-Lynn-Scott curves share: points of the twist are doubled and
// added, and the lines through them, evaluated at points of the first group, multiply up.
//
// All pairs of a product share the squarings. No step may meet equal or opposite points; points of the groups do not, for
// two of the intermediate scalars would have to agree up to sign modulo r. (Costello, Lange, Naehrig: Faster pairing
// computations on curves with high-degree twists, 2010.)
#pragma once

#include <span>
#include <vector>

#include "vm/curves/point.hpp"
#include "vm/curves/tower.hpp"

namespace interlock::vm::curves {

// The twist over Fp2 of a curve y² = x³ + b is y² = x³ + b/ξ or y² = x³ + b·ξ.
enum class Twist { Divides, Multiplies };

// Tower has Fp, Fp2, `twist`, and what Dodecic asks for.
template <class Tower>
class MillerLoop {
  public:
    using Fp = typename Tower::Fp;
    using Fp2 = typename Tower::Fp2;
    using Fp12 = Dodecic<Tower>;
    using G2 = AffinePoint<Fp2>;

    // Both points must be on their curves and in their groups. A pair that contains infinity pairs to one, so callers
    // leave it out.
    struct Pair {
        AffinePoint<Fp> p;
        G2 q;
    };

    // A line through points of the twist, to be evaluated at a point (px, py) of the first group: at_y·py + at_x·px·w +
    // constant·w³, or times w³ where the twist multiplies. It is known up to a factor of Fp2, which the final
    // exponentiation removes.
    struct Line {
        Fp2 at_y, at_x, constant;
    };

    // Returns f times the line's value at the point.
    static Fp12 multiply(const Fp12& f, const Line& line, const AffinePoint<Fp>& at) {
        if constexpr (Tower::twist == Twist::Divides)
            return f.times_line_013(line.at_y * at.y, line.at_x * at.x, line.constant);
        else return f.times_line_023(line.constant, line.at_x * at.x, line.at_y * at.y);
    }

    // Doubles the point. The tangent's slope is 3X²/2YZ; the line is twice what that makes, so that squares replace products.
    static Line double_step(Point<Fp2>& t) {
        const Fp2 x_square = t.x.square(), y_square = t.y.square(), z_square = t.z.square(), y_fourth = y_square.square();
        const Fp2 four_xyy = ((t.x + y_square).square() - x_square - y_fourth).doubled();
        const Fp2 slope = x_square.doubled() + x_square, slope_square = slope.square();
        const Fp2 constant = (t.x + slope).square() - x_square - slope_square - y_square.doubled().doubled();
        const Fp2 x = slope_square - four_xyy.doubled(), z = (t.y + t.z).square() - y_square - z_square;
        t = {x, slope * (four_xyy - x) - y_fourth.doubled().doubled().doubled(), z};
        return {(z * z_square).doubled(), -(slope * z_square).doubled(), constant};
    }

    // Adds q to the point, which must be neither q nor -q.
    static Line add_step(Point<Fp2>& t, const G2& q) {
        const Fp2 z_square = t.z.square();
        const Fp2 run = q.x * z_square - t.x, rise = q.y * (z_square * t.z) - t.y;
        const Fp2 run_square = run.square(), run_cube = run_square * run, base = t.x * run_square;
        const Fp2 x = rise.square() - run_cube - base.doubled();
        t = {x, rise * (base - x) - t.y * run_cube, t.z * run};
        return {t.z, -rise, rise * q.x - q.y * t.z};
    }

    explicit MillerLoop(std::span<const Pair> pairs) : pairs_(pairs) {
        points_.reserve(pairs.size());
        for (const Pair& pair : pairs) points_.emplace_back(pair.q);
    }

    // Squares the value, and doubles every pair's point.
    void double_all() {
        value_ = value_.square();
        for (std::size_t i = 0; i < pairs_.size(); ++i) value_ = multiply(value_, double_step(points_[i]), pairs_[i].p);
    }
    // Adds a point to the point of a pair.
    void add(std::size_t pair, const G2& q) { value_ = multiply(value_, add_step(points_[pair], q), pairs_[pair].p); }

    [[nodiscard]] const Fp12& value() const { return value_; }

  private:
    std::span<const Pair> pairs_;
    std::vector<Point<Fp2>> points_;
    Fp12 value_ = Fp12::one();
};

}  // namespace interlock::vm::curves
