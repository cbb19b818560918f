// The arithmetic below the prime fields: both ways of multiplying, with and without the CPU's two chains of carries, and
// inverses, for the primes of both curves.
#include "vm/curves/prime_field.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <random>

#include "vm/curves/bls12_381.hpp"
#include "vm/curves/bn254.hpp"

namespace interlock::vm::curves {
namespace {

using boost::multiprecision::cpp_int;

template <std::size_t N>
cpp_int integer(const Limbs<N>& limbs) {
    cpp_int value;
    for (std::size_t i = N; i-- > 0;) value = (value << 64) | limbs[i];
    return value;
}

template <class Field>
class PrimeFieldTest : public testing::Test {
  protected:
    static constexpr std::size_t N = Field::limb_count;
    using Number = typename Field::Number;
    static constexpr Number p = Field::modulus;
    static constexpr std::uint64_t minus_inverse = montgomery::negated_inverse(p[0]);
    const cpp_int radix = cpp_int(1) << (64 * N);

    // Below twice the modulus; edges among them.
    Number number() {
        const std::uint64_t kind = random_() % 8;
        if (kind == 0) return {random_() % 3};
        if (kind == 1) return montgomery::subtract(p, {random_() % 3}).value;
        if (kind == 2) return montgomery::add(p, montgomery::subtract(p, {1 + random_() % 3}).value);
        Number number;
        for (std::uint64_t& limb : number) limb = random_() % 16 == 0 ? ~std::uint64_t{0} : random_();
        number[N - 1] %= 2 * p[N - 1];
        return number;
    }
    Number reduced_number() { return montgomery::reduce_once(number(), p); }

  private:
    std::mt19937_64 random_{1};
};

using Fields = testing::Types<bn254::Fp, bls12_381::Fp>;
TYPED_TEST_SUITE(PrimeFieldTest, Fields);

TYPED_TEST(PrimeFieldTest, MultipliesUnreducedNumbersByColumnsAndByRows) {
    const cpp_int modulus = integer(TestFixture::p);
    for (int i = 0; i < 5000; ++i) {
        const auto a = this->number(), b = this->number();
        const auto by_columns = montgomery::multiply_by_columns(a, b, TestFixture::p, TestFixture::minus_inverse);
        ASSERT_LT(integer(by_columns), modulus);
        ASSERT_EQ(integer(by_columns) * this->radix % modulus, integer(a) * integer(b) % modulus);
#if INTERLOCK_CHAINS
        if (!montgomery::has_rows) continue;
        ASSERT_EQ(montgomery::multiply_by_rows(a, b, TestFixture::p, TestFixture::minus_inverse), by_columns);
#endif
    }
}

TYPED_TEST(PrimeFieldTest, ReducesWideProductsByColumnsAndByRows) {
    typename TestFixture::Number lower, upper;
    for (int i = 0; i < 5000; ++i) {
        const auto a = this->number(), b = this->number();
        montgomery::multiply_wide_by_columns(lower, upper, a, b);
        ASSERT_EQ(integer(lower) + integer(upper) * this->radix, integer(a) * integer(b));
        const auto product = montgomery::multiply_by_columns(a, b, TestFixture::p, TestFixture::minus_inverse);
        ASSERT_EQ(montgomery::reduce_by_columns(lower, upper, TestFixture::p, TestFixture::minus_inverse), product);
#if INTERLOCK_CHAINS
        if (!montgomery::has_rows) continue;
        typename TestFixture::Number lower_by_rows, upper_by_rows;
        montgomery::multiply_wide_by_rows(lower_by_rows, upper_by_rows, a, b);
        ASSERT_EQ(lower_by_rows, lower);
        ASSERT_EQ(upper_by_rows, upper);
        ASSERT_EQ(montgomery::reduce_by_rows(lower, upper, TestFixture::p, TestFixture::minus_inverse), product);
#endif
    }
}

// The largest that may be reduced, and one whose lower half is all ones.
TYPED_TEST(PrimeFieldTest, ReducesTheExtremes) {
    const cpp_int modulus = integer(TestFixture::p);
    typename TestFixture::Number ones;
    ones.fill(~std::uint64_t{0});
    const auto largest = montgomery::subtract(TestFixture::p, {1}).value;
    for (const auto& lower : {ones, typename TestFixture::Number{}, typename TestFixture::Number{1}}) {
        for (const auto& upper : {largest, typename TestFixture::Number{}}) {
            const auto result = montgomery::reduce_by_columns(lower, upper, TestFixture::p, TestFixture::minus_inverse);
            ASSERT_LT(integer(result), modulus);
            ASSERT_EQ(integer(result) * this->radix % modulus, (integer(lower) + integer(upper) * this->radix) % modulus);
#if INTERLOCK_CHAINS
            if (!montgomery::has_rows) continue;
            ASSERT_EQ(montgomery::reduce_by_rows(lower, upper, TestFixture::p, TestFixture::minus_inverse), result);
#endif
        }
    }
}

TYPED_TEST(PrimeFieldTest, AddsAndSubtractsUnreducedProducts) {
    for (int i = 0; i < 2000; ++i) {
        const auto a = TypeParam::of(this->reduced_number()), b = TypeParam::of(this->reduced_number());
        const auto c = TypeParam::of(this->reduced_number()), d = TypeParam::of(this->reduced_number());
        const auto first = TypeParam::wide_product(a, b), second = TypeParam::wide_product(c, d);
        ASSERT_EQ(first.reduced(), a * b);
        ASSERT_EQ((first + second).reduced(), a * b + c * d);
        ASSERT_EQ((first - second).reduced(), a * b - c * d);
        ASSERT_EQ((second - first - first + second).reduced(), c * d - a * b - a * b + c * d);
        ASSERT_EQ(TypeParam::wide_product_of_sums(a, b, c, d).reduced(), (a + b) * (c + d));
        ASSERT_EQ(TypeParam::wide_product_of_sums(a, b, a, d).less(TypeParam::wide_product(a, a)).reduced(),
                  a * d + b * (a + d));
    }
}

TYPED_TEST(PrimeFieldTest, InvertsWhateverIsNotZero) {
    EXPECT_TRUE(TypeParam{}.inverse().is_zero());
    for (std::uint64_t small = 1; small < 200; ++small) {
        ASSERT_EQ(TypeParam{small} * TypeParam{small}.inverse(), TypeParam::one());
        ASSERT_EQ(-TypeParam{small} * (-TypeParam{small}).inverse(), TypeParam::one());
    }
    TypeParam power = TypeParam::one();
    for (std::size_t bit = 0; bit < 128 * TestFixture::N; ++bit, power = power.doubled())
        ASSERT_EQ(power * power.inverse(), TypeParam::one());
    for (int i = 0; i < 20000; ++i) {
        const auto a = TypeParam::of(this->reduced_number());
        ASSERT_EQ(a * a.inverse(), a.is_zero() ? TypeParam{} : TypeParam::one());
    }
}

}  // namespace
}  // namespace interlock::vm::curves
