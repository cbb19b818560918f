// The point evaluation precompile: proofs that were on the main network, forged ones, and input that is malformed in each
// possible way. (EIP-4844)
#include <gtest/gtest.h>

#include "vm/curves/bls12_381.hpp"
#include "vm/precompiles.hpp"
#include "vm/precompiles/functions.hpp"
#include "vm/word.hpp"

namespace interlock::vm {
namespace {

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

PrecompileResult call(const Bytes& input) {
    return run_precompile(*find_precompile(to_address(0x0a), Fork::Cancun), input, Gas{100'000}, Fork::Cancun);
}

constexpr std::size_t z_at = 32, y_at = 64, commitment_at = 96, proof_at = 144;

// From execution-spec-tests, "mainnet_1" of test_point_evaluation_precompile.
const Bytes good = parse_hex(
                       "018156b94fe9735e573bab36dad05d60feb720d424ccd20aaf719343c31e4246"
                       "019123bcb9d06356701f7be08b4494625b87a7b02edc566126fb81f6306e915f"
                       "6c2eb1e94c2532935b8465351ba1bd88eabe2b3fa1aadff7d1cd816e8315bd38"
                       "a9546d41993e10df2a7429b8490394ea9ee62807bae6f326d1044a51581306f58d4b9dfd5931e044688855280ff3799e"
                       "a2ea83d9391e0ee42e0c650acc7a1f842a7d385189485ddb4fd54ade3d9fd50d608167dca6c776aad4b8ad5c20691bfe")
                       .value();

// Makes the versioned hash fit the commitment.
Bytes rehashed(Bytes input) {
    const ByteView commitment = ByteView(input).subspan(commitment_at, 48);
    Bytes hash = precompile::sha256(commitment, rules_of(Fork::Cancun).precompiles).value();
    hash[0] = 1;
    std::copy(hash.begin(), hash.end(), input.begin());
    return input;
}

Bytes with(Bytes input, std::size_t at, const Bytes& bytes) {
    std::copy(bytes.begin(), bytes.end(), input.begin() + static_cast<std::ptrdiff_t>(at));
    return input;
}

void expect_refusal(const Bytes& input) {
    const PrecompileResult result = call(input);
    EXPECT_EQ(result.status, Status::PrecompileFailure);
    EXPECT_EQ(result.cost, Gas{100'000});
    EXPECT_TRUE(result.output.empty());
}

void expect_acceptance(const Bytes& input) {
    const PrecompileResult result = call(input);
    EXPECT_EQ(result.status, Status::Success);
    EXPECT_EQ(result.cost, Gas{50'000});
    EXPECT_EQ(
        to_hex(result.output),
        "0x000000000000000000000000000000000000000000000000000000000000100073eda753299d7d483339d80809a1d80553bda402fffe5bf"
        "effffffff00000001");
}

TEST(KzgPointEvaluation, AcceptsAProofAndTellsTheParameters) { expect_acceptance(good); }

TEST(KzgPointEvaluation, RefusesAnyOtherValueOrPlaceOrProof) {
    for (const std::size_t at : {z_at + 31, y_at + 31}) {
        Bytes changed = good;
        changed[at] ^= 1;
        expect_refusal(changed);
    }
    Bytes negative = good;
    negative[proof_at] ^= 0x20;
    expect_refusal(negative);
    const Bytes commitment(good.begin() + commitment_at, good.begin() + proof_at);
    expect_refusal(with(good, proof_at, commitment));
}

// The polynomial that is y everywhere: its commitment is y·G1, its proofs are infinity.
TEST(KzgPointEvaluation, AcceptsInfinity) {
    Bytes infinity(48);
    infinity[0] = 0xc0;
    const Bytes zero = rehashed(with(with(Bytes(192), commitment_at, infinity), proof_at, infinity));
    expect_acceptance(zero);
    expect_acceptance(with(zero, z_at, Bytes(32, 0x11)));
    expect_refusal(with(zero, y_at + 31, {1}));
    const Bytes generator =
        parse_hex("97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb")
            .value();
    const Bytes one = rehashed(with(with(zero, commitment_at, generator), y_at + 31, {1}));
    expect_acceptance(one);
    expect_acceptance(with(one, z_at, Bytes(32, 0x22)));
    expect_refusal(with(one, y_at + 31, {2}));
}

Bytes compress(const curves::Point<curves::bls12_381::Fp>& point) {
    const auto affine = point.to_affine().value();
    Bytes bytes(48);
    affine.x.to_big_endian(bytes.data());
    const bool larger = curves::montgomery::subtract((-affine.y).number(), affine.y.number()).borrow;
    bytes[0] |= larger ? 0xa0 : 0x80;
    return bytes;
}

// Of the line f(X) = aX + b the commitment is a·τG1 + b·G1, and every proof is a·G1. τG1 is the second of the ceremony's
// powers in the first group (c-kzg's trusted_setup.txt).
TEST(KzgPointEvaluation, AcceptsTheValuesOfALine) {
    using namespace curves::bls12_381;
    const curves::Point<Fp> tau_g1(
        G1{Fp::hex("0d3eb50121139aa34db1d545093ac9374ab7bca2c0f3bf28e27c8dcd8fc7cb42d25926fc0c97b336e9f0fb35e5a04c81"),
           Fp::hex("17de623f59a3043952d2f637a935fae14b6dee8b255e526304963d58ab6f1a827c7de623d34d394f8a3d0f57d6e972b9")});
    const curves::Point<Fp> generator(g1_generator);
    const Word a = parse_word("0x123456789abcdef0fedcba9876543210").value(), b{987654321}, z{1'000'000'007};
    const Word y = addmod(mulmod(a, z, Word{order}), b, Word{order});
    Bytes input = with(Bytes(192), commitment_at, compress(tau_g1.times(a.limbs) + generator.times(b.limbs)));
    input = rehashed(with(input, proof_at, compress(generator.times(a.limbs))));
    const auto place = to_big_endian(z), value = to_big_endian(y), other = to_big_endian(y + 1);
    input = with(input, z_at, Bytes(place.begin(), place.end()));
    expect_acceptance(with(input, y_at, Bytes(value.begin(), value.end())));
    expect_refusal(with(input, y_at, Bytes(other.begin(), other.end())));
}

TEST(KzgPointEvaluation, RefusesOtherLengths) {
    expect_refusal({});
    expect_refusal(Bytes(good.begin(), good.end() - 1));
    expect_refusal(good + Bytes(1));
}

TEST(KzgPointEvaluation, RefusesAnotherVersionedHash) {
    expect_refusal(with(good, 0, {0}));
    expect_refusal(with(good, 0, {2}));
    Bytes changed = good;
    changed[31] ^= 1;
    expect_refusal(changed);
}

TEST(KzgPointEvaluation, RefusesScalarsThatAreNotBelowTheOrder) {
    Bytes infinity(48);
    infinity[0] = 0xc0;
    const Bytes zero = rehashed(with(with(Bytes(192), commitment_at, infinity), proof_at, infinity));
    const auto order_bytes = to_big_endian(Word{curves::bls12_381::order});
    const auto below_bytes = to_big_endian(Word{curves::bls12_381::order} - 1);
    const Bytes order(order_bytes.begin(), order_bytes.end()), below(below_bytes.begin(), below_bytes.end());
    expect_refusal(with(zero, y_at, order));  // which is zero modulo the order
    expect_refusal(with(zero, z_at, order));
    expect_acceptance(with(zero, z_at, below));
    expect_refusal(with(zero, z_at, Bytes(32, 0xff)));
}

TEST(KzgPointEvaluation, RefusesMalformedPoints) {
    const auto expect_refused_point = [](const Bytes& point) {
        expect_refusal(rehashed(with(good, commitment_at, point)));
        expect_refusal(with(good, proof_at, point));
    };
    const Bytes point(good.begin() + proof_at, good.end());
    Bytes uncompressed = point, infinite = point;
    uncompressed[0] &= 0x7f;
    infinite[0] |= 0x40;
    expect_refused_point(uncompressed);
    expect_refused_point(infinite);
    Bytes infinity(48);
    infinity[0] = 0xe0;  // infinity has no sign
    expect_refused_point(infinity);
    infinity[0] = 0x40;
    expect_refused_point(infinity);
    infinity[0] = 0xc0;
    infinity[47] = 1;
    expect_refused_point(infinity);
    expect_refused_point(
        parse_hex("9a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab")
            .value());
    Bytes one(48);  // 1 + 4 has no root
    one[0] = 0x80, one[47] = 1;
    expect_refused_point(one);
}

// (0, 2) and (0, -2) are points of order three.
TEST(KzgPointEvaluation, RefusesPointsOutsideTheGroup) {
    for (const std::uint8_t flags : {0x80, 0xa0}) {
        Bytes point(48);
        point[0] = flags;
        expect_refusal(rehashed(with(good, commitment_at, point)));
        expect_refusal(with(good, proof_at, point));
        // Beside infinity the equation itself would not notice a point of small order that both sides lose.
        Bytes infinity(48);
        infinity[0] = 0xc0;
        expect_refusal(rehashed(with(with(Bytes(192), commitment_at, point), proof_at, infinity)));
    }
}

}  // namespace
}  // namespace interlock::vm
