// The curve bn254: its constants, groups and pairing by their algebra, and the three precompiles by known vectors.
#include "vm/curves/bn254.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <random>

#include "vm/precompiles.hpp"
#include "vm/word.hpp"

namespace interlock::vm {
namespace {

using boost::multiprecision::cpp_int;
using curves::Limbs, curves::Point;
using namespace curves::bn254;

// --- constants and fields ---

cpp_int integer(const Limbs<4>& limbs) {
    cpp_int value;
    for (std::size_t i = 4; i-- > 0;) value = (value << 64) | limbs[i];
    return value;
}

const cpp_int p = integer(Prime::modulus);

TEST(Bn254, HasThePrimeAndTheOrderThatItsParameterMakes) {
    const cpp_int u = curves::bn254::x;
    EXPECT_EQ(integer(Prime::modulus), 36 * u * u * u * u + 36 * u * u * u + 24 * u * u + 6 * u + 1);
    EXPECT_EQ(integer(order), 36 * u * u * u * u + 36 * u * u * u + 18 * u * u + 6 * u + 1);
}

class Random {
  public:
    Limbs<4> limbs() { return {random_(), random_(), random_(), random_()}; }
    // Small ones and ones just below the modulus among them.
    Fp fp() {
        const std::uint64_t kind = random_() % 8;
        return kind == 0 ? Fp{random_() % 3} : kind == 1 ? -Fp{random_() % 3} : Fp::of(reduced(limbs()));
    }
    Fp2 fp2() { return {fp(), fp()}; }
    Fp6 fp6() { return {fp2(), fp2(), fp2()}; }
    Fp12 fp12() { return {fp6(), fp6()}; }
    Point<Fp> g1() { return Point<Fp>(g1_generator).times(limbs()); }

  private:
    static Limbs<4> reduced(Limbs<4> number) {
        number[3] &= 0x1fffffffffffffff;
        return number;
    }
    std::mt19937_64 random_{1};
};

TEST(Bn254Field, AgreesWithBoost) {
    Random random;
    for (int i = 0; i < 1000; ++i) {
        const Fp a = random.fp(), b = random.fp();
        const cpp_int x = integer(a.number()), y = integer(b.number());
        ASSERT_EQ(integer((a + b).number()), (x + y) % p);
        ASSERT_EQ(integer((a - b).number()), (x + p - y) % p);
        ASSERT_EQ(integer((a * b).number()), x * y % p);
        ASSERT_EQ(integer((-a).number()), (p - x) % p);
    }
}

TEST(Bn254Field, InvertsAllButZero) {
    Random random;
    for (int i = 0; i < 20; ++i) {
        const Fp a = random.fp();
        ASSERT_EQ(a * a.inverse(), a.is_zero() ? Fp{} : Fp::one());
    }
}

TEST(Bn254Field, ReadsWhatItWrote) {
    const Fp a = Random().fp();
    std::array<std::uint8_t, 32> bytes;
    a.to_big_endian(bytes.data());
    EXPECT_EQ(Fp::from_big_endian(bytes), a);
}

TEST(Bn254Field, RefusesTheModulusAndWhatIsAboveIt) {
    const Word modulus{Prime::modulus};
    EXPECT_TRUE(Fp::from_big_endian(to_big_endian(modulus - 1)));
    EXPECT_FALSE(Fp::from_big_endian(to_big_endian(modulus)));
    EXPECT_FALSE(Fp::from_big_endian(to_big_endian(modulus + 1)));
    EXPECT_FALSE(Fp::from_big_endian(to_big_endian(~Word{})));
}

TEST(Bn254Tower, MultipliesAssociatively) {
    Random random;
    for (int i = 0; i < 20; ++i) {
        const Fp12 a = random.fp12(), b = random.fp12(), c = random.fp12();
        ASSERT_EQ((a * b) * c, a * (b * c));
        ASSERT_EQ(a * b, b * a);
        ASSERT_EQ(a.square(), a * a);
    }
}

TEST(Bn254Tower, InvertsOnEveryStorey) {
    Random random;
    const Fp2 a = random.fp2();
    const Fp6 b = random.fp6();
    const Fp12 c = random.fp12();
    EXPECT_EQ(a * a.inverse(), Fp2::one());
    EXPECT_EQ(b * b.inverse(), Fp6::one());
    EXPECT_EQ(c * c.inverse(), Fp12::one());
}

TEST(Bn254Tower, TakesThePthPowerByFrobenius) {
    const Fp12 a = Random().fp12();
    EXPECT_EQ(a.frobenius(), curves::power(a, Prime::modulus));
}

TEST(Bn254Tower, MultipliesByALineAsByAnyOther) {
    Random random;
    const Fp12 a = random.fp12();
    const Fp2 l0 = random.fp2(), l1 = random.fp2(), l3 = random.fp2();
    EXPECT_EQ(a.times_line_013(l0, l1, l3), a * (Fp12{{l0, {}, {}}, {l1, l3, {}}}));
    EXPECT_EQ(a.times_line_023(l0, l1, l3), a * (Fp12{{l0, l1, {}}, {{}, l3, {}}}));
}

TEST(Bn254Tower, SquaresInTheCyclotomicSubgroupAsAnywhere) {
    const Fp12 a = Random().fp12();
    const Fp12 b = a.conjugate() * a.inverse();    // to the power p^6 - 1
    const Fp12 c = b.frobenius().frobenius() * b;  // to the power p² + 1
    EXPECT_EQ(c.cyclotomic_square(), c.square());
}

// --- the first group ---

TEST(Bn254G1, AddsAssociativelyAndCommutatively) {
    Random random;
    for (int i = 0; i < 10; ++i) {
        const Point<Fp> a = random.g1(), b = random.g1(), c = random.g1();
        ASSERT_EQ((a + b) + c, a + (b + c));
        ASSERT_EQ(a + b, b + a);
        ASSERT_EQ(a + a, a.doubled());
    }
}

TEST(Bn254G1, HasInfinityForItsZero) {
    const Point<Fp> a = Random().g1(), infinity;
    EXPECT_EQ(a + infinity, a);
    EXPECT_EQ(infinity + a, a);
    EXPECT_EQ(a + -a, infinity);
    EXPECT_TRUE(infinity.doubled().is_infinity());
    EXPECT_EQ(infinity.to_affine(), std::nullopt);
}

TEST(Bn254G1, MultipliesAsItAdds) {
    const Point<Fp> a = Random().g1();
    Point<Fp> sum;
    for (std::uint64_t i = 0; i < 40; ++i, sum = sum + a) ASSERT_EQ(a.times(Limbs<1>{i}), sum) << i;
}

TEST(Bn254G1, StaysOnItsCurve) { EXPECT_TRUE(Random().g1().to_affine()->is_on_curve(g1_b)); }

TEST(Bn254G1, ComesBackToInfinityAfterItsOrder) { EXPECT_TRUE(Random().g1().times(order).is_infinity()); }

// --- the second group ---

Bytes hex(std::string_view digits) { return parse_hex(digits).value(); }

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

Fp fp(std::string_view digits) { return Fp::from_big_endian(hex(digits)).value(); }

// The generator that EIP-197 names.
const G2 g2_generator = {{fp("1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"),
                          fp("198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2")},
                         {fp("12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"),
                          fp("090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b")}};

// On the twist, but not in the group.
const G2 stray = {{Fp{1}, {}},
                  {fp("2869111d5381f072f8e2728fdb825a51aadd70e52c9830e9ab4b871c0531f1bb"),
                   fp("0d1271953ed9ea0836846e70a1934187998c7f790cb4d7511b7f8da82de048a4")}};

TEST(Bn254G2, KnowsItsPoints) {
    EXPECT_TRUE(g2_generator.is_on_curve(g2_b));
    EXPECT_TRUE(is_in_subgroup(g2_generator));
    EXPECT_TRUE(is_in_subgroup(*Point<Fp2>(g2_generator).times(Random().limbs()).to_affine()));
    EXPECT_TRUE(Point<Fp2>(g2_generator).times(order).is_infinity());
}

TEST(Bn254G2, KnowsTheOtherPointsOfItsTwist) {
    EXPECT_TRUE(stray.is_on_curve(g2_b));
    EXPECT_FALSE(Point<Fp2>(stray).times(order).is_infinity());
    EXPECT_FALSE(is_in_subgroup(stray));
    EXPECT_FALSE(is_in_subgroup(*(Point<Fp2>(stray) + Point<Fp2>(g2_generator)).to_affine()));
    // What the order's multiples leave over has an order that divides the cofactor.
    EXPECT_FALSE(is_in_subgroup(*Point<Fp2>(stray).times(order).to_affine()));
}

// --- the pairing ---

G1 multiple_of_g1(std::uint64_t scalar) { return *Point<Fp>(g1_generator).times(Limbs<1>{scalar}).to_affine(); }
G2 multiple_of_g2(std::uint64_t scalar) { return *Point<Fp2>(g2_generator).times(Limbs<1>{scalar}).to_affine(); }

Fp12 pairing(const G1& a, const G2& b) { return pairing_product(std::array{Pair{a, b}}); }

TEST(Bn254Pairing, IsNotDegenerate) {
    const Fp12 e = pairing(g1_generator, g2_generator);
    EXPECT_NE(e, Fp12::one());
    EXPECT_EQ(curves::power(e, order), Fp12::one());
}

TEST(Bn254Pairing, IsBilinear) {
    const Fp12 e = pairing(g1_generator, g2_generator);
    const Fp12 to_the_35 = curves::power(e, Limbs<1>{35});
    EXPECT_EQ(pairing(multiple_of_g1(5), multiple_of_g2(7)), to_the_35);
    EXPECT_EQ(pairing(multiple_of_g1(35), g2_generator), to_the_35);
    EXPECT_EQ(pairing(g1_generator, multiple_of_g2(35)), to_the_35);
}

TEST(Bn254Pairing, OfSeveralPairsIsTheProduct) {
    const Pair a{multiple_of_g1(3), multiple_of_g2(11)}, b{multiple_of_g1(1'000'003), multiple_of_g2(2)};
    EXPECT_EQ(pairing_product(std::array{a, b}), pairing(a.p, a.q) * pairing(b.p, b.q));
    EXPECT_EQ(pairing_product({}), Fp12::one());
}

TEST(Bn254Pairing, InvertsWithEitherPointsSign) {
    const Fp12 e = pairing(g1_generator, g2_generator);
    EXPECT_EQ(pairing(-g1_generator, g2_generator), e.inverse());
    EXPECT_EQ(pairing(g1_generator, -g2_generator), e.inverse());
}

// --- the precompiles ---

constexpr std::uint64_t add = 6, multiply = 7, pair = 8;
constexpr Gas plenty{100'000'000};

PrecompileResult call(std::uint64_t number, const Bytes& input, Fork fork = default_fork) {
    return run_precompile(*find_precompile(to_address(number), fork), input, plenty, fork);
}

void expect_refusal(std::uint64_t number, const Bytes& input) {
    const PrecompileResult result = call(number, input);
    EXPECT_EQ(result.status, Status::PrecompileFailure);
    EXPECT_EQ(result.cost, plenty);
    EXPECT_TRUE(result.output.empty());
}

Bytes word(const Word& value) {
    const auto bytes = to_big_endian(value);
    return {bytes.begin(), bytes.end()};
}

Bytes encode(const G1& point) {
    Bytes bytes(64);
    point.x.to_big_endian(bytes.data());
    point.y.to_big_endian(bytes.data() + 32);
    return bytes;
}

Bytes encode(const G2& point) {
    Bytes bytes(128);
    point.x.imaginary.to_big_endian(bytes.data());
    point.x.real.to_big_endian(bytes.data() + 32);
    point.y.imaginary.to_big_endian(bytes.data() + 64);
    point.y.real.to_big_endian(bytes.data() + 96);
    return bytes;
}

const Bytes infinity_1(64), infinity_2(128);
const Bytes p1 = encode(g1_generator), p2 = encode(g2_generator);
const Word modulus{Prime::modulus};

TEST(Bn254Addition, AddsKnownPoints) {
    const PrecompileResult result = call(add, hex("18b18acfb4c2c30276db5411368e7185b311dd124691610c5d3b74034e093dc9"
                                                  "063c909c4720840cb5134cb9f59fa749755796819658d32efc0d288198f37266"
                                                  "07c2b7f58a84bd6145f00c9c2bc0bb1a187f20ff2c92963a88019e7c6a014eed"
                                                  "06614e20c147e940f2d70da3f74c9a17df361706a4485c742bd6788478fa17d7"));
    EXPECT_EQ(result.output, hex("2243525c5efd4b9c3d3c45ac0ca3fe4dd85e830a4ce6b65fa1eeaee202839703"
                                 "301d1d33be6da8e509df21cc35964723180eed7532537db9ae5e7d48f195c915"));
}

TEST(Bn254Addition, DoublesAndCancels) {
    EXPECT_EQ(call(add, p1 + p1).output, hex("030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd3"
                                             "15ed738c0e0a7c92e7845f96b2ae9c0a68a6a449e3538fc7ff3ebf7a5a18a2c4"));
    EXPECT_EQ(call(add, p1 + encode(-g1_generator)).output, infinity_1);
}

TEST(Bn254Addition, ReadsMissingBytesAsZeroAndIgnoresTheRest) {
    EXPECT_EQ(call(add, {}).output, infinity_1);
    EXPECT_EQ(call(add, p1).output, p1);
    EXPECT_EQ(call(add, infinity_1 + p1 + Bytes(1, 0xff)).output, p1);
}

TEST(Bn254Addition, RefusesWhatIsNoPoint) {
    expect_refusal(add, word(1) + word(3));
    expect_refusal(add, p1 + word(1) + word(3));
    expect_refusal(add, word(0) + word(1));
    expect_refusal(add, Bytes(32) + Bytes(31) + Bytes{1});
    expect_refusal(add, Bytes(128, 0xff));
}

TEST(Bn254Addition, RefusesCoordinatesThatAreNotReduced) {
    expect_refusal(add, word(modulus + 1) + word(2));
    expect_refusal(add, word(1) + word(modulus + 2));
    expect_refusal(add, word(modulus) + word(modulus));
    expect_refusal(add, word(0) + word(modulus));
}

TEST(Bn254Multiplication, MultipliesAKnownPoint) {
    const PrecompileResult result = call(multiply, hex("2bd3e6d0f3b142924f5ca7b49ce5b9d54c4703d7ae5648e61d02268b1a0a9fb7"
                                                       "21611ce0a6af85915e2f1d70300909ce2e49dfad4a4619c8390cae66cefdb204"
                                                       "00000000000000000000000000000000000000000000000011138ce750fa15c2"));
    EXPECT_EQ(result.output, hex("070a8d6a982153cae4be29d434e8faef8a47b274a053f5a4ee2a6c9c13c31e5c"
                                 "031b8ce914eba3a9ffb989f9cdd5b0f01943074bf4f0f315690ec3cec6981afc"));
}

TEST(Bn254Multiplication, TakesScalarsOfAllBits) {
    EXPECT_EQ(call(multiply, p1 + word(~Word{})).output,
              hex("2f588cffe99db877a4434b598ab28f81e0522910ea52b45f0adaa772b2d5d352"
                  "12f42fa8fd34fb1b33d8c6a718b6590198389b26fc9d8808d971f8b009777a97"));
    EXPECT_EQ(call(multiply, p1 + word(Word{order})).output, infinity_1);
    EXPECT_EQ(call(multiply, p1 + word(Word{order} + 1)).output, p1);
    EXPECT_EQ(call(multiply, p1 + word(0)).output, infinity_1);
    EXPECT_EQ(call(multiply, infinity_1 + word(~Word{})).output, infinity_1);
}

TEST(Bn254Multiplication, ReadsAMissingScalarAsZero) {
    EXPECT_EQ(call(multiply, p1).output, infinity_1);
    EXPECT_EQ(call(multiply, {}).output, infinity_1);
}

TEST(Bn254Multiplication, RefusesWhatIsNoPointEvenTimesZero) {
    expect_refusal(multiply, word(1) + word(3) + word(0));
    expect_refusal(multiply, word(modulus + 1) + word(2) + word(9));
}

TEST(Bn254PairingCheck, AcceptsAKnownProduct) {
    const Bytes input = hex("1c76476f4def4bb94541d57ebba1193381ffa7aa76ada664dd31c16024c43f59"
                            "3034dd2920f673e204fee2811c678745fc819b55d3e9d294e45c9b03a76aef41"
                            "209dd15ebff5d46c4bd888e51a93cf99a7329636c63514396b4a452003a35bf7"
                            "04bf11ca01483bfa8b34b43561848d28905960114c8ac04049af4b6315a41678"
                            "2bb8324af6cfc93537a2ad1a445cfd0ca2a71acd7ac41fadbf933c2a51be344d"
                            "120a2a4cf30c1bf9845f20c6fe39e07ea2cce61f0c9bb048165fe5e4de877550"
                            "111e129f1cf1097710d41c4ac70fcdfa5ba2023c6ff1cbeac322de49d1b6df7c"
                            "2032c61a830e3c17286de9462bf242fca2883585b93870a73853face6a6bf411") +
                        p2;
    EXPECT_EQ(call(pair, input).output, word(1));
}

TEST(Bn254PairingCheck, TellsWhetherTheProductIsOne) {
    // e(2P, 3Q) = e(-6P, Q)^-1
    const Bytes six = encode(multiple_of_g1(2)) + encode(multiple_of_g2(3));
    EXPECT_EQ(call(pair, six + encode(-multiple_of_g1(6)) + p2).output, word(1));
    EXPECT_EQ(call(pair, six + encode(-multiple_of_g1(7)) + p2).output, word(0));
    EXPECT_EQ(call(pair, p1 + p2).output, word(0));
    EXPECT_EQ(call(pair, p1 + p2 + encode(-g1_generator) + p2).output, word(1));
}

TEST(Bn254PairingCheck, TakesNothingAndInfinityForOne) {
    EXPECT_EQ(call(pair, {}).output, word(1));
    EXPECT_EQ(call(pair, p1 + infinity_2).output, word(1));
    EXPECT_EQ(call(pair, infinity_1 + p2).output, word(1));
    EXPECT_EQ(call(pair, infinity_1 + infinity_2 + p1 + p2).output, word(0));
}

TEST(Bn254PairingCheck, RefusesALengthThatIsNoMultipleOfAPairs) {
    expect_refusal(pair, Bytes(1));
    expect_refusal(pair, Bytes(191));
    expect_refusal(pair, p1 + p2 + Bytes(64));
}

TEST(Bn254PairingCheck, RefusesPointsOutOfTheirGroupsEvenBesideInfinity) {
    expect_refusal(pair, infinity_1 + encode(stray));
    expect_refusal(pair, p1 + encode(stray));
    expect_refusal(pair, p1 + encode(G2{g2_generator.x, g2_generator.y + Fp2::one()}));
    expect_refusal(pair, word(1) + word(3) + infinity_2);
}

TEST(Bn254PairingCheck, RefusesCoordinatesThatAreNotReduced) {
    for (std::size_t offset = 0; offset < 128; offset += 32) {
        Bytes input = p1 + p2;
        const Bytes raised = word(word_from_big_endian(ByteView(p2).subspan(offset, 32)) + modulus);
        std::copy(raised.begin(), raised.end(), input.begin() + 64 + static_cast<std::ptrdiff_t>(offset));
        expect_refusal(pair, input);
    }
}

TEST(Bn254PairingCheck, ReadsTheImaginaryPartFirst) {
    Bytes swapped = p1 + p2;
    std::swap_ranges(swapped.begin() + 64, swapped.begin() + 96, swapped.begin() + 96);
    expect_refusal(pair, swapped);
}

TEST(Bn254Gas, FellInIstanbul) {
    EXPECT_EQ(call(add, {}, Fork::Byzantium).cost, Gas{500});
    EXPECT_EQ(call(add, {}, Fork::Istanbul).cost, Gas{150});
    EXPECT_EQ(call(multiply, {}, Fork::Petersburg).cost, Gas{40'000});
    EXPECT_EQ(call(multiply, {}, Fork::Istanbul).cost, Gas{6'000});
    EXPECT_EQ(call(pair, {}, Fork::Byzantium).cost, Gas{100'000});
    EXPECT_EQ(call(pair, {}, Fork::Istanbul).cost, Gas{45'000});
    EXPECT_EQ(call(pair, Bytes(3 * 192), Fork::Byzantium).cost, Gas{340'000});
    EXPECT_EQ(call(pair, Bytes(3 * 192), Fork::Istanbul).cost, Gas{147'000});
}

}  // namespace
}  // namespace interlock::vm
