// The curve BLS12-381: its constants, fields, groups, pairing and maps, by their algebra and by vectors of RFC 9380.
#include "vm/curves/bls12_381.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <random>

namespace interlock::vm {
namespace {

using boost::multiprecision::cpp_int;
using curves::Limbs, curves::Point;
using namespace curves::bls12_381;

// --- constants and fields ---

template <std::size_t N>
cpp_int integer(const Limbs<N>& limbs) {
    cpp_int value;
    for (std::size_t i = N; i-- > 0;) value = (value << 64) | limbs[i];
    return value;
}

const cpp_int p = integer(Prime::modulus), r = integer(order);

TEST(Bls12, HasThePrimeAndTheOrderThatItsParameterMakes) {
    const cpp_int x = -cpp_int(minus_x);
    EXPECT_EQ(r, x * x * x * x - x * x + 1);
    EXPECT_EQ(p, (x - 1) * (x - 1) * r / 3 + x);
}

class Random {
  public:
    explicit Random(std::uint64_t seed = 1) : random_(seed) {}

    Limbs<4> limbs() { return {random_(), random_(), random_(), random_()}; }
    // Small ones and ones just below the modulus among them.
    Fp fp() {
        const std::uint64_t kind = random_() % 8;
        if (kind < 2) return kind == 0 ? Fp{random_() % 3} : -Fp{random_() % 3};
        return Fp::of({random_(), random_(), random_(), random_(), random_(), random_() % 0x1a0111ea397fe69a});
    }
    Fp2 fp2() { return {fp(), fp()}; }
    Fp6 fp6() { return {fp2(), fp2(), fp2()}; }
    Fp12 fp12() { return {fp6(), fp6()}; }
    Point<Fp> g1() { return Point<Fp>(g1_generator).times(limbs()); }
    Point<Fp2> g2() { return Point<Fp2>(g2_generator).times(limbs()); }

  private:
    std::mt19937_64 random_;
};

TEST(Bls12Field, AgreesWithBoost) {
    Random random;
    for (int i = 0; i < 1000; ++i) {
        const Fp a = random.fp(), b = random.fp();
        const cpp_int x = integer(a.number()), y = integer(b.number());
        ASSERT_EQ(integer((a + b).number()), (x + y) % p);
        ASSERT_EQ(integer((a - b).number()), (x + p - y) % p);
        ASSERT_EQ(integer((a * b).number()), x * y % p);
        ASSERT_EQ(integer(a.square().number()), x * x % p);
        ASSERT_EQ(integer((-a).number()), (p - x) % p);
    }
}

TEST(Bls12Field, InvertsAllButZero) {
    Random random;
    for (int i = 0; i < 100; ++i) {
        const Fp a = random.fp();
        ASSERT_EQ(a * a.inverse(), a.is_zero() ? Fp{} : Fp::one());
    }
}

TEST(Bls12Field, RefusesTheModulusAndWhatIsAboveIt) {
    const auto read = [](const cpp_int& value) {
        std::array<std::uint8_t, 48> bytes{};
        for (std::size_t i = 0; i < 48; ++i) bytes[47 - i] = static_cast<std::uint8_t>((value >> (8 * i)) & 0xff);
        return Fp::from_big_endian(bytes);
    };
    EXPECT_EQ(read(p - 1), -Fp{1});
    EXPECT_EQ(read(p), std::nullopt);
    EXPECT_EQ(read(p + 1), std::nullopt);
    EXPECT_EQ(read((cpp_int(1) << 384) - 1), std::nullopt);
}

TEST(Bls12Field, HasTheRootOfEverySquareAndOfNothingElse) {
    Random random;
    for (int i = 0; i < 50; ++i) {
        const Fp a = random.fp();
        const std::optional<Fp> root = a.square().square_root();
        ASSERT_TRUE(root);
        ASSERT_TRUE(*root == a || *root == -a);
        ASSERT_TRUE(a.is_zero() || !(-a.square()).square_root());
    }
}

TEST(Bls12Tower, HasTheRootOfEverySquareInFp2AndOfNothingElse) {
    Random random;
    const Fp2 no_square{Fp{1}, Fp{1}};
    for (int i = 0; i < 50; ++i) {
        const Fp2 a = i < 5 ? Fp2{random.fp(), {}} : i < 10 ? Fp2{{}, random.fp()} : random.fp2();
        const std::optional<Fp2> root = a.square().square_root();
        ASSERT_TRUE(root);
        ASSERT_TRUE(*root == a || *root == -a);
        ASSERT_TRUE(a.is_zero() || !(a.square() * no_square).square_root());
    }
}

TEST(Bls12Tower, MultipliesAssociatively) {
    Random random;
    for (int i = 0; i < 20; ++i) {
        const Fp12 a = random.fp12(), b = random.fp12(), c = random.fp12();
        ASSERT_EQ((a * b) * c, a * (b * c));
        ASSERT_EQ(a * b, b * a);
        ASSERT_EQ(a.square(), a * a);
    }
}

TEST(Bls12Tower, MultipliesByItsGenerators) {
    const Fp2 xi{Fp{1}, Fp{1}};
    const Fp12 w{{}, {Fp2::one(), {}, {}}};
    EXPECT_EQ(curves::power(w, Limbs<1>{6}), (Fp12{{xi, {}, {}}, {}}));
    EXPECT_EQ((Fp2{{}, Fp{1}}.square()), -Fp2::one());
}

TEST(Bls12Tower, InvertsOnEveryStorey) {
    Random random;
    const Fp2 a = random.fp2();
    const Fp6 b = random.fp6();
    const Fp12 c = random.fp12();
    EXPECT_EQ(a * a.inverse(), Fp2::one());
    EXPECT_EQ(b * b.inverse(), Fp6::one());
    EXPECT_EQ(c * c.inverse(), Fp12::one());
}

TEST(Bls12Tower, TakesThePthPowerByFrobenius) {
    const Fp12 a = Random().fp12();
    EXPECT_EQ(a.frobenius(), curves::power(a, Prime::modulus));
}

TEST(Bls12Tower, MultipliesByALineAsByAnyOther) {
    Random random;
    const Fp12 a = random.fp12();
    const Fp2 l0 = random.fp2(), l2 = random.fp2(), l3 = random.fp2();
    EXPECT_EQ(a.times_line_023(l0, l2, l3), a * (Fp12{{l0, l2, {}}, {{}, l3, {}}}));
}

TEST(Bls12Tower, SquaresInTheCyclotomicSubgroupAsAnywhere) {
    const Fp12 a = Random().fp12();
    const Fp12 b = a.conjugate() * a.inverse();    // to the power p^6 - 1
    const Fp12 c = b.frobenius().frobenius() * b;  // to the power p² + 1
    EXPECT_EQ(c.cyclotomic_square(), c.square());
}

// --- the groups ---

TEST(Bls12Groups, HaveGeneratorsOfTheirOrder) {
    EXPECT_TRUE(g1_generator.is_on_curve(g1_b));
    EXPECT_TRUE(g2_generator.is_on_curve(g2_b));
    EXPECT_TRUE(Point<Fp>(g1_generator).times(order).is_infinity());
    EXPECT_TRUE(Point<Fp2>(g2_generator).times(order).is_infinity());
}

TEST(Bls12Groups, AddAssociativelyAndCommutatively) {
    Random random;
    for (int i = 0; i < 10; ++i) {
        const Point<Fp2> a = random.g2(), b = random.g2(), c = random.g2();
        ASSERT_EQ((a + b) + c, a + (b + c));
        ASSERT_EQ(a + b, b + a);
        ASSERT_EQ(a + a, a.doubled());
        ASSERT_TRUE((a + -a).is_infinity());
    }
}

// What maps to the curves is outside the groups with all but certainty. What r multiplies to infinity is inside.
TEST(Bls12Groups, AreToldFromTheRestOfTheirCurves) {
    Random random;
    for (int i = 0; i < 10; ++i) {
        const Point<Fp> a = map_to_curve(random.fp());
        const Point<Fp2> b = map_to_curve(random.fp2());
        EXPECT_FALSE(a.times(order).is_infinity());
        EXPECT_FALSE(b.times(order).is_infinity());
        EXPECT_FALSE(is_in_subgroup(a.to_affine().value()));
        EXPECT_FALSE(is_in_subgroup(b.to_affine().value()));
        EXPECT_TRUE(is_in_subgroup(random.g1().to_affine().value()));
        EXPECT_TRUE(is_in_subgroup(random.g2().to_affine().value()));
    }
}

// The cofactors' small factors are where a wrong test would let points in: the first's are 3 and 11, the second's 13 and 23.
TEST(Bls12Groups, DoNotTakePointsOfSmallOrder) {
    const auto times = [](const auto& point, cpp_int scalar) {
        Limbs<12> limbs{};
        for (std::uint64_t& limb : limbs) {
            limb = static_cast<std::uint64_t>(scalar & 0xffffffffffffffff);
            scalar >>= 64;
        }
        return point.times(limbs);
    };
    const cpp_int x = -cpp_int(minus_x), points1 = p - x;
    const cpp_int x2 = x * x, x4 = x2 * x2;
    const cpp_int points2 = (x4 * x4 - 4 * x4 * x2 * x + 5 * x4 * x2 - 4 * x4 + 6 * x2 * x - 4 * x2 - 4 * x + 13) / 9 * r;
    Random random;
    for (const int factor : {3, 11}) {
        ASSERT_EQ(points1 % factor, 0);
        Point<Fp> small;
        for (int i = 0; i < 50 && small.is_infinity(); ++i) {
            small = map_to_curve(random.fp());
            for (cpp_int count = points1; count % factor == 0;) {
                count /= factor;
                if (count % factor != 0) small = times(small, count);
            }
        }
        ASSERT_FALSE(small.is_infinity()) << factor;
        EXPECT_FALSE(is_in_subgroup(small.to_affine().value())) << factor;
        EXPECT_FALSE(is_in_subgroup((small + Point<Fp>(g1_generator)).to_affine().value())) << factor;
    }
    for (const int factor : {13, 23}) {
        ASSERT_EQ(points2 % factor, 0);
        Point<Fp2> small;
        for (int i = 0; i < 50 && small.is_infinity(); ++i) {
            small = map_to_curve(random.fp2());
            for (cpp_int count = points2; count % factor == 0;) {
                count /= factor;
                if (count % factor != 0) small = times(small, count);
            }
        }
        ASSERT_FALSE(small.is_infinity()) << factor;
        EXPECT_FALSE(is_in_subgroup(small.to_affine().value())) << factor;
        EXPECT_FALSE(is_in_subgroup((small + Point<Fp2>(g2_generator)).to_affine().value())) << factor;
    }
}

// --- maps ---

// h_eff of RFC 9380, sections 8.8.1 and 8.8.2.
TEST(Bls12Map, ClearsTheCofactorAsAMultiplicationWould) {
    Random random;
    constexpr Limbs<10> h2 = {0xe8020005aaa95551, 0x59894c0adebbf6b4, 0xe954cbc06689f6a3, 0x2ec0ec69d7477c1a,
                              0x6d82bf015d1212b0, 0x329c2f178731db95, 0x9986ff031508ffe1, 0x88e2a8e9145ad768,
                              0x584c6a0ea91b3528, 0x0bc69f08f2ee75b3};
    for (int i = 0; i < 5; ++i) {
        const Point<Fp> a = map_to_curve(random.fp());
        EXPECT_EQ(clear_cofactor(a), a.times(Limbs<1>{0xd201000000010001}));
        const Point<Fp2> b = map_to_curve(random.fp2());
        EXPECT_EQ(clear_cofactor(b), b.times(h2));
    }
}

TEST(Bls12Map, LandsOnTheCurvesAndClearedInTheGroups) {
    Random random;
    for (int i = 0; i < 50; ++i) {
        const Point<Fp> a = map_to_curve(random.fp());
        const Point<Fp2> b = map_to_curve(random.fp2());
        EXPECT_TRUE(a.is_infinity() || a.to_affine()->is_on_curve(g1_b));
        EXPECT_TRUE(b.is_infinity() || b.to_affine()->is_on_curve(g2_b));
        EXPECT_TRUE(clear_cofactor(a).times(order).is_infinity());
        EXPECT_TRUE(clear_cofactor(b).times(order).is_infinity());
    }
}

// The map divides by Z²u⁴ + Zu², which is zero for these.
TEST(Bls12Map, HasAValueWhereItsFormulaHasNone) {
    const Point<Fp> at_zero = map_to_curve(Fp{});
    EXPECT_TRUE(at_zero.to_affine().value().is_on_curve(g1_b));
    const std::optional<Fp> u = (-Fp{11}).inverse().square_root();
    ASSERT_TRUE(u);
    EXPECT_TRUE(map_to_curve(*u) == at_zero || map_to_curve(*u) == -at_zero);
    EXPECT_TRUE(map_to_curve(Fp2{}).to_affine().value().is_on_curve(g2_b));
}

// --- the pairing ---

Fp12 pair(const Point<Fp>& a, const Point<Fp2>& b) {
    const Pair one{a.to_affine().value(), b.to_affine().value()};
    return pairing_product(std::span<const Pair>(&one, 1));
}

TEST(Bls12Pairing, IsBilinear) {
    Random random;
    const Point<Fp> a = random.g1();
    const Point<Fp2> b = random.g2();
    const Limbs<4> scalar = random.limbs();
    const Fp12 once = pair(a, b);
    EXPECT_EQ(pair(a.times(scalar), b), curves::power(once, scalar));
    EXPECT_EQ(pair(a, b.times(scalar)), curves::power(once, scalar));
    EXPECT_EQ(pair(a + Point<Fp>(g1_generator), b), once * pair(Point<Fp>(g1_generator), b));
    EXPECT_EQ(pair(-a, b), once.conjugate());
}

TEST(Bls12Pairing, IsNotDegenerate) {
    const Fp12 generator = pair(Point<Fp>(g1_generator), Point<Fp2>(g2_generator));
    EXPECT_NE(generator, Fp12::one());
    EXPECT_EQ(curves::power(generator, order), Fp12::one());
}

TEST(Bls12Pairing, MultipliesPairs) {
    Random random;
    std::vector<Pair> pairs;
    Fp12 product = Fp12::one();
    for (int i = 0; i < 3; ++i) {
        pairs.push_back({random.g1().to_affine().value(), random.g2().to_affine().value()});
        product = product * pairing_product(std::span<const Pair>(&pairs.back(), 1));
    }
    EXPECT_EQ(pairing_product(pairs), product);
    EXPECT_EQ(pairing_product(std::span<const Pair>()), Fp12::one());
}

TEST(Bls12Pairing, OfPreparedPointsIsTheSame) {
    Random random;
    std::vector<Pair> pairs;
    for (int i = 0; i < 3; ++i) pairs.push_back({random.g1().to_affine().value(), random.g2().to_affine().value()});
    const std::vector<PreparedPoint> points = {PreparedPoint(pairs[0].q), PreparedPoint(pairs[1].q),
                                               PreparedPoint(pairs[2].q)};
    std::vector<PreparedPair> prepared;
    for (std::size_t i = 0; i < 3; ++i) prepared.push_back({pairs[i].p, &points[i]});
    EXPECT_EQ(pairing_product(std::span<const PreparedPair>(prepared)), pairing_product(pairs));
    EXPECT_EQ(pairing_product(std::span<const PreparedPair>()), Fp12::one());
}

}  // namespace
}  // namespace interlock::vm
