// Precompile 0x0a: checks that the polynomial of a blob has the value y at z, by a KZG proof. (EIP-4844; Kate, Zaverucha,
// Goldberg: Constant-size commitments to polynomials and their applications, 2010)
//
// Input, 192 bytes: the versioned hash of the commitment, z, y, the commitment C and the proof π, both compressed points of
// the first group of BLS12-381. For the polynomial f, C is f(τ)·G1 and π is (f(τ) - y)/(τ - z)·G1, where nobody knows τ;
// the setup ceremony published τ·G2. So (C - yG1 + zπ, -G2) and (π, τG2) must pair to one together.
#include <algorithm>
#include <array>
#include <vector>

#include "vm/curves/bls12_381.hpp"
#include "vm/precompiles/curve_points.hpp"
#include "vm/precompiles/functions.hpp"
#include "vm/word.hpp"

namespace interlock::vm::precompile {
namespace {

using namespace curves::bls12_381;
using curves::Limbs, curves::Point;

constexpr std::size_t word_bytes = 32, g1_bytes = 48, input_bytes = 3 * word_bytes + 2 * g1_bytes;
constexpr std::uint8_t hash_version = 1;
constexpr std::uint64_t field_elements_per_blob = 4096;

// τG2, from the ceremony of 2023: the second of its powers in the second group (trusted_setup_4096.json of EIP-4844's
// specification).
constexpr G2 tau_g2 = {
    {Fp::hex("185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2"),
     Fp::hex("15bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72")},
    {Fp::hex("14353bdb96b626dd7d5ee8599d1fca2131569490e28de18e82451a496a9c9794ce26d105941f383ee689bfbbb832a99"),
     Fp::hex("1666c54b0a32529503432fcae0181b4bef79de09fc63671fda5ed1ba9bfa07899495346f3d7ac9cd23048ef30d0a154f")}};

// Returns whether y is above -y, as numbers.
bool is_larger(const Fp& y) { return curves::montgomery::subtract((-y).number(), y.number()).borrow; }

// Reads a compressed point: x, with three flags in its top bits: compressed, infinity, and whether y is the larger of the
// two that are possible. (The encoding of Zcash, which EIP-4844's specification adopts.)
Decoded<G1> decompress(ByteView bytes) {
    std::array<std::uint8_t, g1_bytes> x_bytes;
    std::copy(bytes.begin(), bytes.end(), x_bytes.begin());
    const bool compressed = x_bytes[0] & 0x80, infinity = x_bytes[0] & 0x40, larger = x_bytes[0] & 0x20;
    x_bytes[0] &= 0x1f;
    if (!compressed) return {};
    if (infinity) return {!larger && is_zero(x_bytes), std::nullopt};
    const std::optional<Fp> x = Fp::from_big_endian(x_bytes);
    if (!x) return {};
    const std::optional<Fp> y = (x->square() * *x + g1_b).square_root();
    if (!y) return {};
    const G1 point{*x, is_larger(*y) == larger ? *y : -*y};
    return {is_in_subgroup(point), point};
}

std::optional<Limbs<4>> decode_scalar(ByteView bytes) {
    const Word scalar = word_from_big_endian(bytes);
    return scalar < Word{order} ? std::optional(scalar.limbs) : std::nullopt;
}

bool has_value(const Decoded<G1>& commitment, const Limbs<4>& z, const Limbs<4>& y, const Decoded<G1>& proof) {
    std::vector<Multiple<G1>> multiples{{-g1_generator, y}};
    if (proof.point) multiples.push_back({*proof.point, z});
    const Point<Fp> numerator = to_point(commitment) + sum_of(multiples);
    static const PreparedPoint minus_generator(-g2_generator), tau(tau_g2);
    std::vector<PreparedPair> pairs;
    if (const auto affine = numerator.to_affine()) pairs.push_back({*affine, &minus_generator});
    if (proof.point) pairs.push_back({*proof.point, &tau});
    return pairing_product(pairs) == Fp12::one();
}

}  // namespace

Gas kzg_point_evaluation_gas(ByteView, const PrecompileRules&) { return {50'000}; }

// Returns how many field elements a blob has, and the order of the group, each in a word.
Output kzg_point_evaluation(ByteView input, const PrecompileRules& rules) {
    if (input.size() != input_bytes) return std::nullopt;
    const ByteView commitment_bytes = input.subspan(3 * word_bytes, g1_bytes);
    Bytes hash = sha256(commitment_bytes, rules).value();
    hash[0] = hash_version;
    if (!std::equal(hash.begin(), hash.end(), input.begin())) return std::nullopt;
    const auto z = decode_scalar(input.subspan(word_bytes, word_bytes));
    const auto y = decode_scalar(input.subspan(2 * word_bytes, word_bytes));
    if (!z || !y) return std::nullopt;
    const Decoded<G1> commitment = decompress(commitment_bytes), proof = decompress(input.last(g1_bytes));
    if (!commitment.valid || !proof.valid || !has_value(commitment, *z, *y, proof)) return std::nullopt;
    Bytes output;
    for (const Word& word : {Word{field_elements_per_blob}, Word{order}}) {
        const auto bytes = to_big_endian(word);
        output.insert(output.end(), bytes.begin(), bytes.end());
    }
    return output;
}

}  // namespace interlock::vm::precompile
