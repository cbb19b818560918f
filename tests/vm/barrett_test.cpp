// Remainders by a kept reciprocal: both ways to multiply against plain division, where estimates are at their worst
// too.
#include "vm/barrett.hpp"

#include <gtest/gtest.h>

#include <random>

namespace interlock::vm::limbs {
namespace {

// Limbs that are all zeros, all ones or anything: carries run far.
class Operands {
  public:
    explicit Operands(std::uint64_t seed) : random_(seed) {}

    std::uint64_t limb() {
        const std::uint64_t kind = random_() % 4;
        return kind == 0 ? 0 : kind == 1 ? ~std::uint64_t{0} : random_() >> (kind == 2 ? 0 : random_() % 64);
    }
    Limbs<4> word() { return {limb(), limb(), limb(), limb()}; }
    Limbs<4> modulus() {
        Limbs<4> m = word();
        if (m[3] == 0) m[3] = 1 + random_() % 3;
        return m;
    }
    // Anything, or close to a multiple of the modulus.
    Limbs<4> near(const Limbs<4>& modulus) {
        if (random_() % 2 == 0) return word();
        const Limbs<4> multiple = multiply_low(modulus, {random_() % 4});
        return random_() % 2 == 0 ? add(multiple, {random_() % 3}).value : subtract(multiple, {random_() % 3}).value;
    }

  private:
    std::mt19937_64 random_;
};

constexpr int moduli = 2000, operands_each = 50;

template <class Products>
void expect_products_as_by_division() {
    Operands operands(1);
    for (int i = 0; i < moduli; ++i) {
        const Reciprocal r = reciprocal_of(operands.modulus());
        for (int j = 0; j < operands_each; ++j) {
            const Limbs<4> a = remainder(operands.near(r.modulus), r.modulus), b = operands.near(r.modulus);
            ASSERT_EQ(multiply_modulo<Products>(a, b, r), remainder(multiply_wide(a, b), r.modulus));
        }
    }
}

TEST(Barrett, ReducesProductsMultipliedByColumnsAsDivisionDoes) { expect_products_as_by_division<ByColumns>(); }

#if defined(__x86_64__)
TEST(Barrett, ReducesProductsMultipliedByRowsAsDivisionDoes) {
    if (!__builtin_cpu_supports("bmi2")) GTEST_SKIP() << "this CPU has no MULX, so rows are never used on it";
    expect_products_as_by_division<ByRows>();
}

TEST(Barrett, MultipliesByRowsAsByColumns) {
    if (!__builtin_cpu_supports("bmi2")) GTEST_SKIP() << "this CPU has no MULX, so rows are never used on it";
    Operands operands(2);
    for (int i = 0; i < 100'000; ++i) {
        const Limbs<4> a = operands.word(), b = operands.word();
        ASSERT_EQ(ByRows::multiply(a, b), ByColumns::multiply(a, b));
        ASSERT_EQ(ByRows::multiply_low_five(a, b), ByColumns::multiply_low_five(a, b));
    }
}
#endif

TEST(Barrett, ReducesWordsAsDivisionDoes) {
    Operands operands(3);
    for (int i = 0; i < moduli; ++i) {
        const Reciprocal r = reciprocal_of(operands.modulus());
        for (int j = 0; j < operands_each; ++j) {
            const Limbs<4> a = operands.near(r.modulus);
            ASSERT_EQ(remainder_by(a, r), remainder(a, r.modulus));
        }
    }
}

}  // namespace
}  // namespace interlock::vm::limbs
