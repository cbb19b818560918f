// The tower of field extensions for pairings: Fp2 = Fp[i]/(i² + 1), Fp6 = Fp2[v]/(v³ - ξ), Fp12 = Fp6[w]/(w² - v).
//
// Products use Karatsuba's method, which replaces a multiplication by additions at every level. A curve supplies its Fp
// and its ξ. (Devegili, Ó hÉigeartaigh, Scott, Dahab: Multiplication and squaring on pairing-friendly fields, 2006.)
#pragma once

#include <cstddef>
#include <optional>

namespace interlock::vm::curves {

// Fp[i]/(i² + 1): `real` + `imaginary`·i.
template <class Fp>
struct Quadratic {
    Fp real, imaginary;

    static constexpr Quadratic one() { return {Fp::one(), {}}; }

    friend constexpr bool operator==(const Quadratic&, const Quadratic&) = default;
    [[nodiscard]] constexpr bool is_zero() const { return *this == Quadratic{}; }

    friend constexpr Quadratic operator+(const Quadratic& a, const Quadratic& b) {
        return {a.real + b.real, a.imaginary + b.imaginary};
    }
    friend constexpr Quadratic operator-(const Quadratic& a, const Quadratic& b) {
        return {a.real - b.real, a.imaginary - b.imaginary};
    }
    friend constexpr Quadratic operator-(const Quadratic& a) { return {-a.real, -a.imaginary}; }
    [[gnu::noinline]] friend constexpr Quadratic operator*(const Quadratic& a, const Quadratic& b) {
        const auto reals = Fp::wide_product(a.real, b.real), imaginaries = Fp::wide_product(a.imaginary, b.imaginary);
        const auto all = Fp::wide_product_of_sums(a.real, a.imaginary, b.real, b.imaginary);
        return {(reals - imaginaries).reduced(), all.less(reals).less(imaginaries).reduced()};
    }
    friend constexpr Quadratic operator*(const Quadratic& a, const Fp& b) { return {a.real * b, a.imaginary * b}; }
    [[nodiscard]] constexpr Quadratic doubled() const { return *this + *this; }
    [[nodiscard, gnu::noinline]] constexpr Quadratic square() const {
        return {Fp::product_of_sums(real, imaginary, real, -imaginary), Fp::product_of_sums(real, real, imaginary, {})};
    }
    // This is also the p-th power.
    [[nodiscard]] constexpr Quadratic conjugate() const { return {real, -imaginary}; }
    [[nodiscard]] constexpr Quadratic inverse() const { return conjugate() * norm().inverse(); }
    // (x + y·i)² is this number for x² = (real + √norm)/2 and y = imaginary/2x, where one of both roots of the norm makes
    // x² a square: their products with the other's are negative squares. A number has a root if its norm has one.
    [[nodiscard]] constexpr std::optional<Quadratic> square_root() const {
        if (imaginary.is_zero()) {
            const Fp root = real * real.inverse_root();
            return root.square() == real ? Quadratic{root, {}} : Quadratic{{}, root};
        }
        const std::optional<Fp> length = norm().square_root();
        if (!length) return std::nullopt;
        const Fp x_square = (real + *length) * half, inverse = x_square.inverse_root(), root = x_square * inverse;
        const Fp other = imaginary * half * inverse;
        return root.square() == x_square ? Quadratic{root, other} : Quadratic{-other, root};
    }

  private:
    static constexpr Fp half = Fp{2}.inverse();
    [[nodiscard]] constexpr Fp norm() const { return real.square() + imaginary.square(); }
};

// Fp2[v]/(v³ - ξ): c0 + c1·v + c2·v². Curve::Fp2 is the field below; Curve::times_xi(a) is a·ξ.
template <class Curve>
struct Sextic {
    using Fp2 = typename Curve::Fp2;
    Fp2 c0, c1, c2;

    static constexpr Sextic one() { return {Fp2::one(), {}, {}}; }

    friend constexpr bool operator==(const Sextic&, const Sextic&) = default;

    friend constexpr Sextic operator+(const Sextic& a, const Sextic& b) { return {a.c0 + b.c0, a.c1 + b.c1, a.c2 + b.c2}; }
    friend constexpr Sextic operator-(const Sextic& a, const Sextic& b) { return {a.c0 - b.c0, a.c1 - b.c1, a.c2 - b.c2}; }
    friend constexpr Sextic operator-(const Sextic& a) { return {-a.c0, -a.c1, -a.c2}; }
    friend constexpr Sextic operator*(const Sextic& a, const Sextic& b) {
        const Fp2 p0 = a.c0 * b.c0, p1 = a.c1 * b.c1, p2 = a.c2 * b.c2;
        return {p0 + Curve::times_xi((a.c1 + a.c2) * (b.c1 + b.c2) - p1 - p2),
                (a.c0 + a.c1) * (b.c0 + b.c1) - p0 - p1 + Curve::times_xi(p2), (a.c0 + a.c2) * (b.c0 + b.c2) - p0 - p2 + p1};
    }
    friend constexpr Sextic operator*(const Sextic& a, const Fp2& b) { return {a.c0 * b, a.c1 * b, a.c2 * b}; }
    // a·(b0 + b1·v)
    [[nodiscard]] constexpr Sextic times_sparse(const Fp2& b0, const Fp2& b1) const {
        const Fp2 p0 = c0 * b0, p1 = c1 * b1;
        return {p0 + Curve::times_xi(c2 * b1), (c0 + c1) * (b0 + b1) - p0 - p1, c2 * b0 + p1};
    }
    [[nodiscard]] constexpr Sextic times_v() const { return {Curve::times_xi(c2), c0, c1}; }
    [[nodiscard]] constexpr Sextic inverse() const {
        const Fp2 a = c0.square() - Curve::times_xi(c1 * c2);
        const Fp2 b = Curve::times_xi(c2.square()) - c0 * c1;
        const Fp2 c = c1.square() - c0 * c2;
        return Sextic{a, b, c} * (c0 * a + Curve::times_xi(c2 * b + c1 * c)).inverse();
    }
};

// Fp6[w]/(w² - v): c0 + c1·w.
template <class Curve>
struct Dodecic {
    using Fp2 = typename Curve::Fp2;
    using Fp6 = Sextic<Curve>;
    Fp6 c0, c1;

    static constexpr Dodecic one() { return {Fp6::one(), {}}; }

    friend constexpr bool operator==(const Dodecic&, const Dodecic&) = default;

    friend constexpr Dodecic operator*(const Dodecic& a, const Dodecic& b) {
        const Fp6 p0 = a.c0 * b.c0, p1 = a.c1 * b.c1;
        return {p0 + p1.times_v(), (a.c0 + a.c1) * (b.c0 + b.c1) - p0 - p1};
    }
    // Returns a·(l0 + l1·w + l3·w³). Lines have this form where the twist divides b by ξ.
    [[nodiscard]] constexpr Dodecic times_line_013(const Fp2& l0, const Fp2& l1, const Fp2& l3) const {
        const Fp6 p0 = c0 * l0, p1 = c1.times_sparse(l1, l3);
        return {p0 + p1.times_v(), (c0 + c1).times_sparse(l0 + l1, l3) - p0 - p1};
    }
    // Returns a·(l0 + l2·w² + l3·w³). Lines have this form where the twist multiplies b by ξ.
    [[nodiscard]] constexpr Dodecic times_line_023(const Fp2& l0, const Fp2& l2, const Fp2& l3) const {
        const Fp6 p0 = c0.times_sparse(l0, l2), p1 = (c1 * l3).times_v();
        return {p0 + p1.times_v(), (c0 + c1).times_sparse(l0, l2 + l3) - p0 - p1};
    }
    [[nodiscard]] constexpr Dodecic square() const {
        const Fp6 cross = c0 * c1;
        return {(c0 + c1) * (c0 + c1.times_v()) - cross - cross.times_v(), cross + cross};
    }
    // The p^6-th power: w becomes -w.
    [[nodiscard]] constexpr Dodecic conjugate() const { return {c0, -c1}; }
    [[nodiscard]] constexpr Dodecic inverse() const {
        const Fp6 norm_inverse = (c0 * c0 - (c1 * c1).times_v()).inverse();
        return {c0 * norm_inverse, -(c1 * norm_inverse)};
    }
    // The p-th power. It conjugates on Fp2, and w^p = w·ξ^((p-1)/6), whose k-th power is Curve::gamma()[k].
    [[nodiscard]] constexpr Dodecic frobenius() const {
        const auto image = [](const Fp2& a, std::size_t k) { return a.conjugate() * Curve::gamma()[k]; };
        return {{c0.c0.conjugate(), image(c0.c1, 2), image(c0.c2, 4)}, {image(c1.c0, 1), image(c1.c1, 3), image(c1.c2, 5)}};
    }
    // Squares an element whose order divides p^4 - p^2 + 1. Three squarings in Fp4 = Fp2[y]/(y² - ξ) are enough, and
    // its inverse is its conjugate. (Granger and Scott: Faster squaring in the cyclotomic subgroup, 2010, section 3.2)
    [[nodiscard]] constexpr Dodecic cyclotomic_square() const {
        const Square a(c0.c0, c1.c1), b(c1.c0, c0.c2), c(c0.c1, c1.c2);
        const auto less = [](const Fp2& square, const Fp2& old) { return (square - old).doubled() + square; };
        const auto more = [](const Fp2& square, const Fp2& old) { return (square + old).doubled() + square; };
        return {{less(a.low, c0.c0), less(b.low, c0.c1), less(c.low, c0.c2)},
                {more(Curve::times_xi(c.high), c1.c0), more(a.high, c1.c1), more(b.high, c1.c2)}};
    }

  private:
    // (a + b·y)² in Fp4.
    struct Square {
        Fp2 low, high;
        constexpr Square(const Fp2& a, const Fp2& b) {
            const Fp2 cross = a * b;
            low = (a + b) * (a + Curve::times_xi(b)) - cross - Curve::times_xi(cross);
            high = cross.doubled();
        }
    };
};

}  // namespace interlock::vm::curves
