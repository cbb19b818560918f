// Sums of multiples in the groups of BLS12-381. The order is x⁴ - x² + 1, so a scalar has four digits of base -x.
#include "vm/curves/bls12_381.hpp"
#include "vm/curves/multiples.hpp"

namespace interlock::vm::curves::bls12_381 {
namespace {

using limbs::U128;

struct FirstGroup {
    using Field = Fp;
    static constexpr std::size_t parts = 2, part_limbs = 2;
    static G1 image(const G1& point) { return times_x_square(point); }
};

struct SecondGroup {
    using Field = Fp2;
    static constexpr std::size_t parts = 4, part_limbs = 1;
    static G2 image(const G2& point) { return times_minus_x(point); }
};

// Divides the number by -x, and returns the remainder.
std::uint64_t take_digit(Limbs<4>& number) {
    U128 rest = 0;
    for (std::size_t i = 4; i-- > 0;) {
        rest = limbs::join(limbs::low_of(rest), number[i]);
        number[i] = limbs::low_of(rest / minus_x);
        rest %= minus_x;
    }
    return limbs::low_of(rest);
}

// Returns the digits of a number modulo the order, lowest first.
Limbs<4> digits_of(Limbs<4> number) {
    while (!limbs::less(number, order)) number = limbs::subtract(number, order).value;
    Limbs<4> digits;
    for (std::uint64_t& digit : digits) digit = take_digit(number);
    return digits;
}

// Returns low + high·(-x), which is below x².
Limbs<2> join_digits(std::uint64_t low, std::uint64_t high) {
    const U128 value = U128{high} * minus_x + low;
    return {limbs::low_of(value), limbs::high_of(value)};
}

}  // namespace

Point<Fp> sum_of(std::span<const Multiple<G1>> multiples) {
    SumOfMultiples<FirstGroup> sum;
    for (const auto& [point, scalar] : multiples) {
        const Limbs<4> digits = digits_of(scalar);
        sum.add(point, {join_digits(digits[0], digits[1]), join_digits(digits[2], digits[3])});
    }
    return sum.value();
}

Point<Fp2> sum_of(std::span<const Multiple<G2>> multiples) {
    SumOfMultiples<SecondGroup> sum;
    for (const auto& [point, scalar] : multiples) {
        const Limbs<4> digits = digits_of(scalar);
        sum.add(point, {Limbs<1>{digits[0]}, Limbs<1>{digits[1]}, Limbs<1>{digits[2]}, Limbs<1>{digits[3]}});
    }
    return sum.value();
}

}  // namespace interlock::vm::curves::bls12_381
