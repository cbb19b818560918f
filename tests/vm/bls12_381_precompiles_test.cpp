// The precompiles on BLS12-381: what they compute, by RFC 9380's vectors and by the groups' algebra, what they refuse, and
// what they cost. (EIP-2537)
#include <gtest/gtest.h>

#include <random>

#include "vm/curves/bls12_381.hpp"
#include "vm/precompiles.hpp"
#include "vm/word.hpp"

namespace interlock::vm {
namespace {

using curves::Limbs, curves::Point;
using namespace curves::bls12_381;

constexpr std::uint64_t g1_add = 0x0b, g1_msm = 0x0c, g2_add = 0x0d, g2_msm = 0x0e, pairing = 0x0f, map_g1 = 0x10,
                        map_g2 = 0x11;
constexpr Gas plenty{1'000'000'000};

PrecompileResult call(std::uint64_t number, const Bytes& input) {
    return run_precompile(*find_precompile(to_address(number), Fork::Prague), input, plenty, Fork::Prague);
}

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

Bytes word(const Word& value) {
    const auto bytes = to_big_endian(value);
    return {bytes.begin(), bytes.end()};
}

// A coordinate of 48 bytes as the precompiles read it.
Bytes padded(std::string_view digits) { return Bytes(16) + parse_hex(digits).value(); }

Bytes encode(const Fp& a) {
    Bytes bytes(64);
    a.to_big_endian(bytes.data() + 16);
    return bytes;
}
Bytes encode(const Fp2& a) { return encode(a.real) + encode(a.imaginary); }

template <class Field>
Bytes encode(const Point<Field>& point) {
    const auto affine = point.to_affine();
    return affine ? encode(affine->x) + encode(affine->y) : Bytes(2 * encode(Field{}).size());
}

void expect_output(std::uint64_t number, const Bytes& input, const Bytes& output) {
    const PrecompileResult result = call(number, input);
    EXPECT_EQ(result.status, Status::Success);
    EXPECT_EQ(to_hex(result.output), to_hex(output));
}

void expect_refusal(std::uint64_t number, const Bytes& input) {
    const PrecompileResult result = call(number, input);
    EXPECT_EQ(result.status, Status::PrecompileFailure);
    EXPECT_EQ(result.cost, plenty);
    EXPECT_TRUE(result.output.empty());
}

const Point<Fp> g1(g1_generator);
const Point<Fp2> g2(g2_generator);
const Bytes infinity1(128), infinity2(256), p1 = encode(g1), p2 = encode(g2);

// Points of the curve (of the twist) that are outside the groups.
const Bytes outside1 = encode(map_to_curve(Fp{7})), outside2 = encode(map_to_curve(Fp2{Fp{7}, Fp{8}}));

const Bytes modulus =
    padded("1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab");

// --- sums of two ---

TEST(BlsAdd, AddsInBothGroups) {
    // The double of the first generator (EIP-2537's add_G1_bls.json, "bls_g1add_g1+g1=2*g1").
    expect_output(
        g1_add, p1 + p1,
        padded("0572cbea904d67468808c8eb50a9450c9721db309128012543902d0ac358a62ae28f75bb8f1c7c42c39a8c5529bf0f4e") +
            padded("166a9d8cabc673a322fda673779d8e3822ba3ecb8670e461f73bb9021d5fd76a4c56d9d4cd16bd1bba86881979749d28"));
    // The double of the second (add_G2_bls.json, "bls_g2add_g2+g2=2*g2").
    expect_output(
        g2_add, p2 + p2,
        padded("1638533957d540a9d2370f17cc7ed5863bc0b995b8825e0ee1ea1e1e4d00dbae81f14b0bf3611b78c952aacab827a053") +
            padded("0a4edef9c1ed7f729f520e47730a124fd70662a904ba1074728114d1031e1572c6c886f6b57ec72a6178288c47c33577") +
            padded("0468fb440d82b0630aeb8dca2b5256789a66da69bf91009cbfe6bd221e47aa8ae88dece9764bf3bd999d95d71e4c9899") +
            padded("0f6d4552fa65dd2638b361543f887136a43253d9c66c411697003f7a13c308f5422e1aa0a59c8967acdefd8b6e36ccf3"));
}

TEST(BlsAdd, HasInfinityForItsZero) {
    expect_output(g1_add, p1 + infinity1, p1);
    expect_output(g1_add, infinity1 + p1, p1);
    expect_output(g1_add, infinity1 + infinity1, infinity1);
    expect_output(g1_add, p1 + encode(-g1), infinity1);
    expect_output(g2_add, p2 + infinity2, p2);
    expect_output(g2_add, infinity2 + p2, p2);
    expect_output(g2_add, infinity2 + infinity2, infinity2);
    expect_output(g2_add, p2 + encode(-g2), infinity2);
}

TEST(BlsAdd, TakesPointsOutsideTheGroups) {
    expect_output(g1_add, outside1 + p1, encode(map_to_curve(Fp{7}) + g1));
    expect_output(g2_add, outside2 + p2, encode(map_to_curve(Fp2{Fp{7}, Fp{8}}) + g2));
}

TEST(BlsAdd, RefusesOtherLengths) {
    for (const std::size_t size : {0, 1, 128, 255, 257, 512}) expect_refusal(g1_add, Bytes(size));
    for (const std::size_t size : {0, 1, 256, 511, 513, 1024}) expect_refusal(g2_add, Bytes(size));
}

// --- what all precompiles refuse, in each place of a point ---

// Returns a good point with `bytes` at the number-th coordinate.
Bytes spoilt(Bytes point, std::size_t number, const Bytes& bytes) {
    std::copy(bytes.begin(), bytes.end(), point.begin() + static_cast<std::ptrdiff_t>(64 * number));
    return point;
}

std::vector<Bytes> malformed(const Bytes& point) {
    std::vector<Bytes> all;
    for (std::size_t i = 0; i < point.size() / 64; ++i) {
        all.push_back(spoilt(point, i, modulus));
        all.push_back(spoilt(point, i, Bytes(16) + Bytes(48, 0xff)));
        all.push_back(spoilt(point, i, encode(Fp{5})));  // off the curve
        for (std::size_t byte = 0; byte < 16; ++byte) {
            Bytes padding = point;
            padding[64 * i + byte] = 1;
            all.push_back(padding);
        }
    }
    return all;
}

TEST(BlsPoints, AreRefusedWhenMalformed) {
    const Bytes scalar = word(3);
    for (const Bytes& bad : malformed(p1)) {
        expect_refusal(g1_add, bad + p1);
        expect_refusal(g1_add, p1 + bad);
        expect_refusal(g1_msm, bad + scalar);
        expect_refusal(g1_msm, p1 + scalar + bad + scalar);
        expect_refusal(pairing, bad + p2);
        expect_refusal(pairing, bad + infinity2);
    }
    for (const Bytes& bad : malformed(p2)) {
        expect_refusal(g2_add, bad + p2);
        expect_refusal(g2_add, p2 + bad);
        expect_refusal(g2_msm, bad + scalar);
        expect_refusal(g2_msm, p2 + scalar + bad + scalar);
        expect_refusal(pairing, p1 + bad);
        expect_refusal(pairing, infinity1 + bad);
    }
}

TEST(BlsPoints, AreRefusedOutsideTheGroupsExceptInSumsOfTwo) {
    for (const Word& scalar : {Word{0}, Word{1}, Word{order}}) {
        expect_refusal(g1_msm, outside1 + word(scalar));
        expect_refusal(g2_msm, outside2 + word(scalar));
        expect_refusal(g1_msm, p1 + word(1) + outside1 + word(scalar));
        expect_refusal(g2_msm, p2 + word(1) + outside2 + word(scalar));
    }
    expect_refusal(pairing, outside1 + p2);
    expect_refusal(pairing, p1 + outside2);
    expect_refusal(pairing, infinity1 + outside2);
    expect_refusal(pairing, outside1 + infinity2);
    expect_refusal(pairing, p1 + p2 + outside1 + p2);
}

// --- sums of multiples ---

class Random {
  public:
    Word scalar() { return Word{Limbs<4>{random_(), random_(), random_(), random_()}}; }
    std::uint64_t small(std::uint64_t limit) { return random_() % limit; }

  private:
    std::mt19937_64 random_{1};
};

// Scalars at the edges of the windows and of the order, and arbitrary ones.
Word edge_scalar(Random& random, std::size_t i) {
    const Word edges[] = {Word{},
                          Word{1},
                          Word{2},
                          Word{order},
                          Word{order} - 1,
                          Word{order} + 1,
                          Word{1} << 255,
                          ~Word{},
                          Word{minus_x},
                          Word{minus_x} * minus_x,
                          Word{minus_x} * minus_x - 1,
                          Word{15},
                          Word{16},
                          (Word{1} << 128) - 1,
                          Word{1} << 128};
    return i < std::size(edges) ? edges[i] : random.scalar();
}

template <class Field>
void expect_sums(std::uint64_t number, const Point<Field>& generator, std::size_t count, std::size_t first_edge) {
    Random random;
    Bytes input;
    Point<Field> sum;
    for (std::size_t i = 0; i < count; ++i) {
        Point<Field> point = generator.times(random.scalar().limbs);
        if (random.small(16) == 0) point = {};
        if (random.small(16) == 0) point = generator;  // equal ones meet
        const Word scalar = edge_scalar(random, first_edge + i);
        input = std::move(input) + encode(point) + word(scalar);
        sum = sum + point.times(scalar.limbs);
    }
    expect_output(number, input, encode(sum));
}

TEST(BlsMultiples, OfOnePointAreThoseOfAPlainMultiplication) {
    for (std::size_t edge = 0; edge < 20; ++edge) {
        expect_sums(g1_msm, g1, 1, edge);
        expect_sums(g2_msm, g2, 1, edge);
    }
}

TEST(BlsMultiples, SumUpHoweverManyThereAre) {
    for (const std::size_t count : {2, 3, 4, 7, 8, 15, 16, 31, 33, 64, 100, 129, 300}) expect_sums(g1_msm, g1, count, 0);
    for (const std::size_t count : {2, 3, 5, 8, 16, 33, 65, 130}) expect_sums(g2_msm, g2, count, 0);
}

TEST(BlsMultiples, CancelAndDouble) {
    for (const Word& scalar : {Word{1}, Word{0x123456789}, Word{order} - 2}) {
        expect_output(g1_msm, p1 + word(scalar) + encode(-g1) + word(scalar), infinity1);
        expect_output(g2_msm, p2 + word(scalar) + encode(-g2) + word(scalar), infinity2);
        expect_output(g1_msm, p1 + word(scalar) + p1 + word(scalar), encode(g1.times((scalar * 2).limbs)));
        expect_output(g2_msm, p2 + word(scalar) + p2 + word(scalar), encode(g2.times((scalar * 2).limbs)));
    }
    Bytes same1, same2;
    for (int i = 0; i < 70; ++i) {
        same1 = std::move(same1) + p1 + word(77);
        same2 = std::move(same2) + p2 + word(77);
    }
    expect_output(g1_msm, same1, encode(g1.times(Limbs<1>{70 * 77})));
    expect_output(g2_msm, same2, encode(g2.times(Limbs<1>{70 * 77})));
}

TEST(BlsMultiples, OfInfinityAreInfinity) {
    expect_output(g1_msm, infinity1 + word(5), infinity1);
    expect_output(g2_msm, infinity2 + word(5), infinity2);
    expect_output(g1_msm, p1 + word(0), infinity1);
    expect_output(g2_msm, p2 + word(0), infinity2);
}

TEST(BlsMultiples, RefuseOtherLengths) {
    for (const std::size_t size : {0, 1, 159, 161, 319}) expect_refusal(g1_msm, Bytes(size));
    for (const std::size_t size : {0, 1, 287, 289, 575}) expect_refusal(g2_msm, Bytes(size));
}

// --- pairings ---

void expect_product(const Bytes& pairs, bool is_one) { expect_output(pairing, pairs, word(is_one)); }

TEST(BlsPairing, IsBilinear) {
    const Bytes three1 = encode(g1.times(Limbs<1>{3})), five2 = encode(g2.times(Limbs<1>{5}));
    const Bytes minus_fifteen1 = encode(-g1.times(Limbs<1>{15}));
    expect_product(three1 + five2 + minus_fifteen1 + p2, true);
    expect_product(three1 + five2 + minus_fifteen1 + five2, false);
    expect_product(p1 + p2 + encode(-g1) + p2, true);
    expect_product(p1 + p2 + p1 + encode(-g2), true);
    expect_product(p1 + p2, false);
    expect_product(p1 + p2 + p1 + p2, false);
}

TEST(BlsPairing, OfInfinityIsOne) {
    expect_product(infinity1 + p2, true);
    expect_product(p1 + infinity2, true);
    expect_product(infinity1 + infinity2, true);
    expect_product(p1 + p2 + infinity1 + p2, false);
}

TEST(BlsPairing, RefusesOtherLengths) {
    for (const std::size_t size : {0, 1, 383, 385, 767}) expect_refusal(pairing, Bytes(size));
}

// --- maps: RFC 9380, appendices J.9.2 and J.10.2, messages "" and "abc" ---

TEST(BlsMap, AgreesWithTheVectorsForTheFirstGroup) {
    expect_output(
        map_g1, padded("156c8a6a2c184569d69a76be144b5cdc5141d2d2ca4fe341f011e25e3969c55ad9e9b9ce2eb833c81a908e5fa4ac5f03"),
        padded("184bb665c37ff561a89ec2122dd343f20e0f4cbcaec84e3c3052ea81d1834e192c426074b02ed3dca4e7676ce4ce48ba") +
            padded("04407b8d35af4dacc809927071fc0405218f1401a6d15af775810e4e460064bcc9468beeba82fdc751be70476c888bf3"));
    expect_output(
        map_g1, padded("147e1ed29f06e4c5079b9d14fc89d2820d32419b990c1c7bb7dbea2a36a045124b31ffbde7c99329c05c559af1c6cc82"),
        padded("009769f3ab59bfd551d53a5f846b9984c59b97d6842b20a2c565baa167945e3d026a3755b6345df8ec7e6acb6868ae6d") +
            padded("1532c00cf61aa3d0ce3e5aa20c3b531a2abd2c770a790a2613818303c6b830ffc0ecf6c357af3317b9575c567f11cd2c"));
}

TEST(BlsMap, AgreesWithTheVectorsForTheSecondGroup) {
    expect_output(
        map_g2,
        padded("07355d25caf6e7f2f0cb2812ca0e513bd026ed09dda65b177500fa31714e09ea0ded3a078b526bed3307f804d4b93b04") +
            padded("02829ce3c021339ccb5caf3e187f6370e1e2a311dec9b75363117063ab2015603ff52c3d3b98f19c2f65575e99e8b78c"),
        padded("00e7f4568a82b4b7dc1f14c6aaa055edf51502319c723c4dc2688c7fe5944c213f510328082396515734b6612c4e7bb7") +
            padded("126b855e9e69b1f691f816e48ac6977664d24d99f8724868a184186469ddfd4617367e94527d4b74fc86413483afb35b") +
            padded("0caead0fd7b6176c01436833c79d305c78be307da5f6af6c133c47311def6ff1e0babf57a0fb5539fce7ee12407b0a42") +
            padded("1498aadcf7ae2b345243e281ae076df6de84455d766ab6fcdaad71fab60abb2e8b980a440043cd305db09d283c895e3d"));
    expect_output(
        map_g2,
        padded("138879a9559e24cecee8697b8b4ad32cced053138ab913b99872772dc753a2967ed50aabc907937aefb2439ba06cc50c") +
            padded("0a1ae7999ea9bab1dcc9ef8887a6cb6e8f1e22566015428d220b7eec90ffa70ad1f624018a9ad11e78d588bd3617f9f2"),
        padded("108ed59fd9fae381abfd1d6bce2fd2fa220990f0f837fa30e0f27914ed6e1454db0d1ee957b219f61da6ff8be0d6441f") +
            padded("0296238ea82c6d4adb3c838ee3cb2346049c90b96d602d7bb1b469b905c9228be25c627bffee872def773d5b2a2eb57d") +
            padded("033f90f6057aadacae7963b0a0b379dd46750c1c94a6357c99b65f63b79e321ff50fe3053330911c56b6ceea08fee656") +
            padded("153606c417e59fb331b7ae6bce4fbf7c5190c33ce9402b5ebe2b70e44fca614f3f1382a3625ed5493843d0b0a652fc3f"));
}

TEST(BlsMap, RefusesOtherLengthsAndWhatIsNoElement) {
    for (const std::size_t size : {0, 63, 65, 128}) expect_refusal(map_g1, Bytes(size));
    for (const std::size_t size : {0, 64, 127, 129}) expect_refusal(map_g2, Bytes(size));
    expect_refusal(map_g1, modulus);
    expect_refusal(map_g2, modulus + Bytes(64));
    expect_refusal(map_g2, Bytes(64) + modulus);
    Bytes padding(128);
    padding[15] = 1;
    expect_refusal(map_g1, Bytes(padding.begin(), padding.begin() + 64));
    expect_refusal(map_g2, padding);
}

// --- gas ---

TEST(BlsGas, IsAsTheProposalSays) {
    const auto cost = [](std::uint64_t number, const Bytes& input) { return call(number, input).cost; };
    EXPECT_EQ(cost(g1_add, infinity1 + infinity1), Gas{375});
    EXPECT_EQ(cost(g2_add, infinity2 + infinity2), Gas{600});
    EXPECT_EQ(cost(g1_msm, Bytes(160)), Gas{12'000});
    EXPECT_EQ(cost(g1_msm, Bytes(2 * 160)), Gas{2 * 12 * 949});
    EXPECT_EQ(cost(g1_msm, Bytes(128 * 160)), Gas{128 * 12 * 519});
    EXPECT_EQ(cost(g1_msm, Bytes(1000 * 160)), Gas{1000 * 12 * 519});
    EXPECT_EQ(cost(g2_msm, Bytes(288)), Gas{22'500});
    EXPECT_EQ(cost(g2_msm, Bytes(3 * 288)), Gas{3 * 22'500 * 923 / 1000});
    EXPECT_EQ(cost(g2_msm, Bytes(128 * 288)), Gas{128 * 22'500 * 524 / 1000});
    EXPECT_EQ(cost(g2_msm, Bytes(129 * 288)), Gas{129 * 22'500 * 524 / 1000});
    EXPECT_EQ(cost(pairing, Bytes(384)), Gas{37'700 + 32'600});
    EXPECT_EQ(cost(pairing, Bytes(3 * 384)), Gas{37'700 + 3 * 32'600});
    EXPECT_EQ(cost(map_g1, Bytes(64)), Gas{5'500});
    EXPECT_EQ(cost(map_g2, Bytes(128)), Gas{23'800});
}

}  // namespace
}  // namespace interlock::vm
