// Sums of multiples of points, k₁P₁ + k₂P₂ + …, for groups whose curve has a fast endomorphism.
//
// An endomorphism that multiplies by a number m splits a scalar into digits of base m: with two halves (four quarters) of
// its bits, half (a quarter) of the doublings remain. (Gallant, Lambert, Vanstone, 2001; Galbraith, Lin, Scott, 2009.)
// A few points share their doublings and add odd multiples from tables (Straus, 1964; signed digits: Solinas, 2000). Many
// points are thrown into buckets by their digits first (Pippenger, 1976).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "vm/curves/point.hpp"
#include "vm/limbs.hpp"

namespace interlock::vm::curves {

// Group has: Field; `parts`, how many digits a scalar has; `part_limbs`, how many limbs a digit has; and
// image(AffinePoint), the endomorphism.
template <class Group>
class SumOfMultiples {
  public:
    using Field = typename Group::Field;
    using Affine = AffinePoint<Field>;
    using Digit = limbs::Limbs<Group::part_limbs>;

    // Adds a multiple of a point of the group. The scalar's digits come lowest first.
    void add(const Affine& point, const std::array<Digit, Group::parts>& scalar) {
        points_.push_back(point);
        scalars_.insert(scalars_.end(), scalar.begin(), scalar.end());
    }

    [[nodiscard]] Point<Field> value() const { return points_.size() < many ? by_tables() : by_buckets(); }

  private:
    static constexpr std::size_t many = 40;  // points, as measured
    static constexpr std::size_t bits = 64 * Group::part_limbs;

    // Returns `count` bits from `first` on; those beyond the scalar are zero. At most 16.
    static int bits_of(const Digit& scalar, std::size_t first, std::size_t count) {
        const std::size_t limb = first / 64, shift = first % 64;
        if (limb >= Group::part_limbs) return 0;
        std::uint64_t value = scalar[limb] >> shift;
        if (shift != 0 && limb + 1 < Group::part_limbs) value |= scalar[limb + 1] << (64 - shift);
        return static_cast<int>(value & ((std::uint64_t{1} << count) - 1));
    }

    // --- tables of odd multiples ---

    static constexpr std::size_t table_bits = 4, table_size = std::size_t{1} << (table_bits - 1);
    using Table = std::array<Affine, table_size>;  // P, 3P, 5P, …
    using SignedDigits = std::array<std::int8_t, bits + 1>;

    // Returns digits of which at most one in table_bits + 1 is not zero: these are odd and below 2^table_bits.
    static SignedDigits signed_digits(const Digit& scalar) {
        SignedDigits digits{};
        int carry = 0;
        for (std::size_t bit = 0; bit <= bits;) {
            const int window = bits_of(scalar, bit, table_bits + 1) + carry;
            if (window % 2 == 0) {
                ++bit;
                continue;
            }
            constexpr int half = 1 << table_bits;
            digits[bit] = static_cast<std::int8_t>(window < half ? window : window - 2 * half);
            carry = window >= half;
            bit += table_bits + 1;
        }
        return digits;
    }

    [[nodiscard]] Point<Field> by_tables() const {
        const std::vector<Table> tables = make_tables();
        std::vector<SignedDigits> digits;
        for (const Digit& scalar : scalars_) digits.push_back(signed_digits(scalar));
        Point<Field> sum;
        for (std::size_t bit = bits + 1; bit-- > 0;) {
            if (!sum.is_infinity()) sum = sum.doubled();
            for (std::size_t i = 0; i < tables.size(); ++i) {
                const int digit = digits[i][bit];
                if (digit > 0) sum = sum + tables[i][static_cast<std::size_t>(digit / 2)];
                if (digit < 0) sum = sum + -tables[i][static_cast<std::size_t>(-digit / 2)];
            }
        }
        return sum;
    }

    // A table for each part of each scalar. A point of the group has a large order, so no small multiple is infinity.
    [[nodiscard]] std::vector<Table> make_tables() const {
        std::vector<Point<Field>> multiples;
        for (const Affine& point : points_) {
            multiples.emplace_back(point);
            const Point<Field> twice = multiples.back().doubled();
            for (std::size_t i = 1; i < table_size; ++i) multiples.push_back(multiples.back() + twice);
        }
        const std::vector<Affine> affine = to_affine(multiples);
        std::vector<Table> tables;
        for (std::size_t i = 0; i < points_.size(); ++i) {
            std::copy_n(affine.begin() + static_cast<std::ptrdiff_t>(i * table_size), table_size,
                        tables.emplace_back().begin());
            for (std::size_t part = 1; part < Group::parts; ++part) {
                const Table last = tables.back();
                std::transform(last.begin(), last.end(), tables.emplace_back().begin(), Group::image);
            }
        }
        return tables;
    }

    // --- buckets ---

    // A window of c bits costs an addition for each point, and two for each of its 2^(c-1) buckets.
    [[nodiscard]] std::size_t window_bits() const {
        std::size_t best = 1;
        const auto cost = [&](std::size_t c) { return (bits / c + 1) * (scalars_.size() + (std::size_t{3} << (c - 1))); };
        for (std::size_t c = 2; c <= 15; ++c)
            if (cost(c) < cost(best)) best = c;
        return best;
    }

    [[nodiscard]] Point<Field> by_buckets() const {
        std::vector<Affine> points;
        for (const Affine& point : points_) {
            points.push_back(point);
            for (std::size_t part = 1; part < Group::parts; ++part) points.push_back(Group::image(points.back()));
        }
        const std::size_t c = window_bits();
        std::vector<Point<Field>> buckets(std::size_t{1} << (c - 1));
        Point<Field> sum;
        for (std::size_t window = bits / c + 1; window-- > 0;) {
            for (std::size_t i = 0; i < c && !sum.is_infinity(); ++i) sum = sum.doubled();
            std::fill(buckets.begin(), buckets.end(), Point<Field>());
            for (std::size_t i = 0; i < points.size(); ++i) throw_into(buckets, points[i], digit_of(scalars_[i], window, c));
            sum = sum + sum_of(buckets);
        }
        return sum;
    }

    // Returns the window's digit, between -2^(c-1) and 2^(c-1). A window whose top bit is set stands for its number less
    // 2^c, and the next one for one more. (Booth, 1951)
    static int digit_of(const Digit& scalar, std::size_t window, std::size_t c) {
        const int carry = window == 0 ? 0 : bits_of(scalar, window * c - 1, 1);
        const int digit = bits_of(scalar, window * c, c) + carry, half = 1 << (c - 1);
        return bits_of(scalar, window * c + c - 1, 1) != 0 ? digit - 2 * half : digit;
    }

    static void throw_into(std::vector<Point<Field>>& buckets, const Affine& point, int digit) {
        if (digit == 0) return;
        Point<Field>& bucket = buckets[static_cast<std::size_t>(digit > 0 ? digit : -digit) - 1];
        bucket = bucket + (digit > 0 ? point : -point);
    }

    // Returns 1·first bucket + 2·second bucket + …
    static Point<Field> sum_of(const std::vector<Point<Field>>& buckets) {
        Point<Field> running, sum;
        for (std::size_t i = buckets.size(); i-- > 0;) {
            running = running + buckets[i];
            sum = sum + running;
        }
        return sum;
    }

    std::vector<Affine> points_;
    std::vector<Digit> scalars_;  // `parts` for each point
};

}  // namespace interlock::vm::curves
