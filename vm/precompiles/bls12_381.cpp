// Precompiles 0x0b to 0x11: sums, sums of multiples and pairings of points of BLS12-381, and maps of field elements to
// points. (EIP-2537)
//
// A coordinate below p takes 64 bytes, big-endian, the first 16 of them zero. An element of Fp2 is encoded as its real part
// followed by its imaginary part, infinity as all zeros. A point off its curve fails the call, and so does one outside its
// group, except in sums of two.
#include "vm/curves/bls12_381.hpp"

#include <vector>

#include "vm/precompiles/curve_points.hpp"
#include "vm/precompiles/functions.hpp"
#include "vm/word.hpp"

namespace interlock::vm::precompile {
namespace {

using namespace curves::bls12_381;
using curves::AffinePoint, curves::Point;

constexpr std::size_t fp_bytes = 64, padding = 16, scalar_bytes = 32;
template <class Field>
constexpr std::size_t field_bytes = fp_bytes;
template <>
constexpr std::size_t field_bytes<Fp2> = 2 * fp_bytes;
template <class Field>
constexpr std::size_t point_bytes = 2 * field_bytes<Field>;

constexpr Fp b_of(const Fp&) { return g1_b; }
constexpr Fp2 b_of(const Fp2&) { return g2_b; }

// --- reading and writing ---

template <class Field>
std::optional<Field> decode_field(ByteView bytes);

template <>
std::optional<Fp> decode_field(ByteView bytes) {
    if (!is_zero(bytes.first(padding))) return std::nullopt;
    return Fp::from_big_endian(bytes.subspan(padding));
}

template <>
std::optional<Fp2> decode_field(ByteView bytes) {
    const auto real = decode_field<Fp>(bytes), imaginary = decode_field<Fp>(bytes.subspan(fp_bytes));
    if (!real || !imaginary) return std::nullopt;
    return Fp2{*real, *imaginary};
}

// A valid point is on its curve, and may be outside its group.
template <class Field>
Decoded<AffinePoint<Field>> decode_any(ByteView bytes) {
    if (is_zero(bytes.first(point_bytes<Field>))) return {true, std::nullopt};
    const auto x = decode_field<Field>(bytes), y = decode_field<Field>(bytes.subspan(field_bytes<Field>));
    if (!x || !y) return {};
    const AffinePoint<Field> point{*x, *y};
    return {point.is_on_curve(b_of(*x)), point};
}

template <class Field>
Decoded<AffinePoint<Field>> decode_in_group(ByteView bytes) {
    Decoded<AffinePoint<Field>> decoded = decode_any<Field>(bytes);
    if (decoded.valid && decoded.point) decoded.valid = is_in_subgroup(*decoded.point);
    return decoded;
}

void encode(const Fp& a, std::uint8_t* to) { a.to_big_endian(to + padding); }
void encode(const Fp2& a, std::uint8_t* to) {
    encode(a.real, to);
    encode(a.imaginary, to + fp_bytes);
}

template <class Field>
Bytes encode(const Point<Field>& point) {
    Bytes bytes(point_bytes<Field>);
    if (const auto affine = point.to_affine()) {
        encode(affine->x, bytes.data());
        encode(affine->y, bytes.data() + field_bytes<Field>);
    }
    return bytes;
}

// --- for both groups ---

template <class Field>
Output add(ByteView input) {
    if (input.size() != 2 * point_bytes<Field>) return std::nullopt;
    const auto a = decode_any<Field>(input), b = decode_any<Field>(input.subspan(point_bytes<Field>));
    if (!a.valid || !b.valid) return std::nullopt;
    return encode(to_point(a) + to_point(b));
}

// Scalars may be any words.
template <class Field>
Output sum_multiples(ByteView input) {
    constexpr std::size_t each = point_bytes<Field> + scalar_bytes;
    if (input.empty() || input.size() % each != 0) return std::nullopt;
    std::vector<Multiple<AffinePoint<Field>>> multiples;
    for (; !input.empty(); input = input.subspan(each)) {
        const auto decoded = decode_in_group<Field>(input);
        if (!decoded.valid) return std::nullopt;
        const Word scalar = word_from_big_endian(input.subspan(point_bytes<Field>, scalar_bytes));
        if (decoded.point) multiples.push_back({*decoded.point, scalar.limbs});
    }
    return encode(sum_of(std::span<const Multiple<AffinePoint<Field>>>(multiples)));
}

template <class Field>
Output map(ByteView input) {
    if (input.size() != field_bytes<Field>) return std::nullopt;
    const auto element = decode_field<Field>(input);
    if (!element) return std::nullopt;
    return encode(clear_cofactor(map_to_curve(*element)));
}

}  // namespace

Output bls_g1_add(ByteView input, const PrecompileRules&) { return add<Fp>(input); }
Output bls_g1_msm(ByteView input, const PrecompileRules&) { return sum_multiples<Fp>(input); }
Output bls_g2_add(ByteView input, const PrecompileRules&) { return add<Fp2>(input); }
Output bls_g2_msm(ByteView input, const PrecompileRules&) { return sum_multiples<Fp2>(input); }

// Returns a word that is one if the product of the pairings is one, otherwise zero.
Output bls_pairing(ByteView input, const PrecompileRules&) {
    constexpr std::size_t each = point_bytes<Fp> + point_bytes<Fp2>;
    if (input.empty() || input.size() % each != 0) return std::nullopt;
    std::vector<Pair> pairs;
    for (; !input.empty(); input = input.subspan(each)) {
        const auto p = decode_in_group<Fp>(input);
        if (!p.valid) return std::nullopt;
        const auto q = decode_in_group<Fp2>(input.subspan(point_bytes<Fp>));
        if (!q.valid) return std::nullopt;
        if (p.point && q.point) pairs.push_back({*p.point, *q.point});
    }
    Bytes word(32);
    word.back() = pairing_product(pairs) == Fp12::one();
    return word;
}

Output bls_map_to_g1(ByteView input, const PrecompileRules&) { return map<Fp>(input); }
Output bls_map_to_g2(ByteView input, const PrecompileRules&) { return map<Fp2>(input); }

}  // namespace interlock::vm::precompile
