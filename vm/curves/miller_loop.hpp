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

    explicit MillerLoop(std::span<const Pair> pairs) : pairs_(pairs) {
        points_.reserve(pairs.size());
        for (const Pair& pair : pairs) points_.emplace_back(pair.q);
    }

    // Squares the value, and doubles every pair's point.
    void double_all() {
        value_ = value_.square();
        for (std::size_t i = 0; i < pairs_.size(); ++i) multiply(double_step(points_[i]), pairs_[i].p);
    }
    // Adds a point to the point of a pair.
    void add(std::size_t pair, const G2& q) { multiply(add_step(points_[pair], q), pairs_[pair].p); }

    [[nodiscard]] const Fp12& value() const { return value_; }

  private:
    // A line through points of the twist, to be evaluated at a point (px, py) of the first group: at_y·py + at_x·px·w +
    // constant·w³, or times w³ where the twist multiplies. It is known up to a factor of Fp2, which the final
    // exponentiation removes.
    struct Line {
        Fp2 at_y, at_x, constant;
    };

    void multiply(const Line& line, const AffinePoint<Fp>& at) {
        if constexpr (Tower::twist == Twist::Divides)
            value_ = value_.times_line_013(line.at_y * at.y, line.at_x * at.x, line.constant);
        else value_ = value_.times_line_023(line.constant, line.at_x * at.x, line.at_y * at.y);
    }

    // Doubles the point. The tangent's slope is 3X²/2YZ.
    static Line double_step(Point<Fp2>& t) {
        const Fp2 x_square = t.x.square(), y_square = t.y.square(), z_square = t.z.square();
        const Fp2 slope = x_square.doubled() + x_square;
        const Fp2 constant = slope * t.x - y_square.doubled();
        t = t.doubled();
        return {t.z * z_square, -(slope * z_square), constant};
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

    std::span<const Pair> pairs_;
    std::vector<Point<Fp2>> points_;
    Fp12 value_ = Fp12::one();
};

}  // namespace interlock::vm::curves
