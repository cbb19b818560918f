// Precompiles 6, 7 and 8: sums, multiples and pairings of points of bn254. Coordinates are big-endian words below p. An
// element of Fp2 is encoded as its imaginary part followed by its real part, infinity as all zeros. A point off its
// curve or outside its group fails the call. (EIP-196, EIP-197; new prices in Istanbul by EIP-1108.)
#include "vm/curves/bn254.hpp"

#include <algorithm>
#include <vector>

#include "vm/precompiles/curve_points.hpp"
#include "vm/precompiles/functions.hpp"
#include "vm/word.hpp"

namespace interlock::vm::precompile {
namespace {

using namespace curves::bn254;
using curves::Point;

constexpr std::size_t g1_bytes = 64, g2_bytes = 128, pair_bytes = g1_bytes + g2_bytes;

// Returns the first `size` bytes of the input, padded with zeros.
template <std::size_t size>
std::array<std::uint8_t, size> padded(ByteView input) {
    std::array<std::uint8_t, size> bytes{};
    std::copy_n(input.begin(), std::min(input.size(), size), bytes.begin());
    return bytes;
}

Decoded<G1> decode_g1(ByteView bytes) {
    if (is_zero(bytes.first(g1_bytes))) return {true, std::nullopt};
    const auto x = Fp::from_big_endian(bytes.first(32)), y = Fp::from_big_endian(bytes.subspan(32, 32));
    if (!x || !y) return {};
    const G1 point{*x, *y};
    return {point.is_on_curve(g1_b), point};
}

std::optional<Fp2> decode_fp2(ByteView bytes) {
    const auto imaginary = Fp::from_big_endian(bytes.first(32)), real = Fp::from_big_endian(bytes.subspan(32, 32));
    if (!imaginary || !real) return std::nullopt;
    return Fp2{*real, *imaginary};
}

Decoded<G2> decode_g2(ByteView bytes) {
    if (is_zero(bytes.first(g2_bytes))) return {true, std::nullopt};
    const auto x = decode_fp2(bytes.first(64)), y = decode_fp2(bytes.subspan(64, 64));
    if (!x || !y) return {};
    const G2 point{*x, *y};
    return {point.is_on_curve(g2_b) && is_in_subgroup(point), point};
}

Bytes encode(const Point<Fp>& point) {
    Bytes bytes(g1_bytes);
    if (const std::optional<G1> affine = point.to_affine()) {
        affine->x.to_big_endian(bytes.data());
        affine->y.to_big_endian(bytes.data() + 32);
    }
    return bytes;
}

}  // namespace

Gas bn254_add_gas(ByteView, const PrecompileRules& rules) { return rules.bn254.addition; }

Output bn254_add(ByteView input, const PrecompileRules&) {
    const auto bytes = padded<2 * g1_bytes>(input);
    const Decoded<G1> a = decode_g1(bytes), b = decode_g1(ByteView(bytes).subspan(g1_bytes));
    if (!a.valid || !b.valid) return std::nullopt;
    return encode(to_point(a) + to_point(b));
}

Gas bn254_multiply_gas(ByteView, const PrecompileRules& rules) { return rules.bn254.multiplication; }

Output bn254_multiply(ByteView input, const PrecompileRules&) {
    const auto bytes = padded<g1_bytes + 32>(input);
    const Decoded<G1> point = decode_g1(bytes);
    if (!point.valid) return std::nullopt;
    return encode(to_point(point).times(word_from_big_endian(ByteView(bytes).subspan(g1_bytes)).limbs));
}

Gas bn254_pairing_gas(ByteView input, const PrecompileRules& rules) {
    return rules.bn254.pairing + rules.bn254.pair * static_cast<std::int64_t>(input.size() / pair_bytes);
}

// Returns a word that is one if the product of the pairings is one, otherwise zero.
Output bn254_pairing(ByteView input, const PrecompileRules&) {
    if (input.size() % pair_bytes != 0) return std::nullopt;
    std::vector<Pair> pairs;
    for (; !input.empty(); input = input.subspan(pair_bytes)) {
        const Decoded<G1> p = decode_g1(input);
        if (!p.valid) return std::nullopt;
        const Decoded<G2> q = decode_g2(input.subspan(g1_bytes));
        if (!q.valid) return std::nullopt;
        if (p.point && q.point) pairs.push_back({*p.point, *q.point});
    }
    Bytes word(32);
    word.back() = pairing_product(pairs) == Fp12::one();
    return word;
}

}  // namespace interlock::vm::precompile
