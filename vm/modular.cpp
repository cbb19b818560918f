// Modular multiplication, and addition of unreduced words, with a modulus of four limbs.
//
// Modulo 2^256 - c, where c is one limb, the product's upper half counts c times: secp256k1's prime and 2^256 - 1 are
// of this kind. Contracts that use other moduli use few of them, thousands of times. At the second use of a modulus its
// reciprocal is cached, and from then on a reduction costs two multiplications and no division.
#include "vm/barrett.hpp"
#include "vm/translator/three_address.hpp"
#include "vm/word.hpp"

namespace interlock::vm {
namespace {

using limbs::high_of, limbs::join, limbs::Limbs, limbs::low_of, limbs::U128;

[[gnu::always_inline]] inline Limbs<4> limbs_of(U128 high, U128 low) {
    return {low_of(low), high_of(low), low_of(high), high_of(high)};
}

// The ways of multiplying are separate functions, and the choice is made once per modulus: in one function they would
// not find enough registers, and choosing each time would cost as much as a product.
struct alignas(128) Modulus {
    using Way = void(Word& to, const Word& a, const Word& b, const Modulus& modulus);  // for a below the modulus

    Word value;  // zero while the entry is unused
    Way* multiply = nullptr;
    limbs::Reciprocal reciprocal;
};

// This is only a cache: no result depends on its content.
constexpr std::size_t kept_moduli = 8;
thread_local constinit std::array<Modulus, kept_moduli> moduli;
thread_local constinit std::array<Word, kept_moduli> met_once;  // the modulus that was met last, for each place

// The place follows from the low limb, since many moduli have all ones in the higher limbs.
[[gnu::always_inline]] inline std::size_t place_of(const Word& modulus) {
    return (modulus.limbs[0] * 0x9e3779b97f4a7c15) >> 61;
}

// --- modulo 2^256 - c ---

[[nodiscard]] bool is_near_power(const Word& modulus) {
    return (modulus.limbs[3] & modulus.limbs[2] & modulus.limbs[1]) == ~std::uint64_t{0} && modulus.limbs[0] != 0;
}

void multiply_near_power(Word& to, const Word& a, const Word& b, const Modulus& modulus) {
    const std::uint64_t c = -modulus.value.limbs[0];
    const Limbs<8> p = limbs::multiply_wide(a.limbs, b.limbs);
    const U128 s0 = U128{p[4]} * c + p[0];
    const U128 s1 = U128{p[5]} * c + p[1] + high_of(s0);
    const U128 s2 = U128{p[6]} * c + p[2] + high_of(s1);
    const U128 s3 = U128{p[7]} * c + p[3] + high_of(s2);
    const U128 again = U128{high_of(s3)} * c;
    const U128 low = join(low_of(s1), low_of(s0)) + again;
    const U128 high = join(low_of(s3), low_of(s2));
    // A carry into the upper half, or a value not below the modulus, is rare with a small c, so these branches are cheap.
    if (low >= again && low_of(s3) != ~std::uint64_t{0}) [[likely]] {
        to = Word{limbs_of(high, low)};
        return;
    }
    const limbs::Sum256 sum = limbs::add(limbs_of(high, low), {0, 0, low < again, 0});
    const limbs::Sum256 reduced = limbs::add(sum.value, {c});
    to = Word{sum.carry || reduced.carry ? reduced.value : sum.value};
}

// --- by a cached reciprocal ---

void multiply_by_columns(Word& to, const Word& a, const Word& b, const Modulus& modulus) {
    to = Word{limbs::multiply_modulo<limbs::ByColumns>(a.limbs, b.limbs, modulus.reciprocal)};
}

#if defined(__x86_64__)
[[gnu::target("bmi2")]] void multiply_by_rows(Word& to, const Word& a, const Word& b, const Modulus& modulus) {
    to = Word{limbs::multiply_modulo<limbs::ByRows>(a.limbs, b.limbs, modulus.reciprocal)};
}
#endif

// --- choosing ---

[[nodiscard]] Modulus::Way* fastest_way() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("bmi2")) return multiply_by_rows;
#endif
    return multiply_by_columns;
}

void keep(Modulus& place, const Word& modulus) {
    static Modulus::Way* const by_reciprocal = fastest_way();
    place.value = modulus;
    place.multiply = is_near_power(modulus) ? multiply_near_power : by_reciprocal;
    place.reciprocal = limbs::reciprocal_of(modulus.limbs);
}

// Returns null at the first meeting, and when another modulus has been met in between.
[[nodiscard]] const Modulus* meet(const Word& modulus) {
    const std::size_t place = place_of(modulus);
    if (moduli[place].value == modulus) return &moduli[place];
    if (met_once[place] != modulus) {
        met_once[place] = modulus;
        return nullptr;
    }
    keep(moduli[place], modulus);
    return &moduli[place];
}

[[gnu::noinline]] void multiply_unreduced(Word& to, const Word& a, const Word& b, const Modulus& modulus) {
    if (b < modulus.value || modulus.multiply == multiply_near_power) return modulus.multiply(to, b, a, modulus);
    modulus.multiply(to, Word{limbs::remainder_by(a.limbs, modulus.reciprocal)}, b, modulus);
}

[[gnu::noinline]] void multiply_by_unkept(Word& to, const Word& a, const Word& b, const Word& modulus) {
    if (meet(modulus) != nullptr) return multiply_modulo_long(to, a, b, modulus);
    to = Word{limbs::remainder(limbs::multiply_wide(a.limbs, b.limbs), modulus.limbs)};
}

}  // namespace

// Compares limb by limb and from memory: saving a register costs more than a comparison.
void multiply_modulo_long(Word& to, const Word& a, const Word& b, const Word& modulus) {
    const Modulus& place = moduli[place_of(modulus)];
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i)
        if (place.value.limbs[i] != modulus.limbs[i]) [[unlikely]]
            return multiply_by_unkept(to, a, b, modulus);
    if (!three_address::less(a, place.value)) [[unlikely]]
        return multiply_unreduced(to, a, b, place);
    place.multiply(to, a, b, place);
}

Word addmod_long(const Word& a, const Word& b, const Word& modulus) {
    if (const Modulus* const known = meet(modulus)) {
        const Word c{limbs::remainder_by(a.limbs, known->reciprocal)}, d{limbs::remainder_by(b.limbs, known->reciprocal)};
        const Word left = modulus - c;
        return d < left ? c + d : d - left;
    }
    const limbs::Sum256 sum = limbs::add(a.limbs, b.limbs);
    const auto& s = sum.value;
    return Word{limbs::remainder(limbs::Limbs<5>{s[0], s[1], s[2], s[3], sum.carry}, modulus.limbs)};
}

}  // namespace interlock::vm
