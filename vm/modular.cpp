// Modular multiplication, and addition of what is not reduced, with a modulus of four limbs.
//
// Modulo 2^256 - c, where c is one limb, the product's upper half counts c times: secp256k1's prime and 2^256 - 1 are
// of that kind. Contracts that multiply modulo something else do it with few moduli, thousands of times: on a modulus's
// second use a reciprocal is kept, and reducing costs two multiplications and no division.
#include "vm/barrett.hpp"
#include "vm/word.hpp"

namespace interlock::vm {
namespace {

using limbs::high_of, limbs::join, limbs::Limbs, limbs::low_of, limbs::U128;

[[gnu::always_inline]] inline Limbs<4> limbs_of(U128 high, U128 low) {
    return {low_of(low), high_of(low), low_of(high), high_of(high)};
}

// --- modulo 2^256 - c --------------------------------------------------------------------------------------

[[gnu::noinline]] Word mulmod_near_power(const Word& a, const Word& b, const Word& modulus) {
    const std::uint64_t c = -modulus.limbs[0];
    const Limbs<8> p = limbs::multiply_wide(a.limbs, b.limbs);
    const U128 s0 = U128{p[4]} * c + p[0];
    const U128 s1 = U128{p[5]} * c + p[1] + high_of(s0);
    const U128 s2 = U128{p[6]} * c + p[2] + high_of(s1);
    const U128 s3 = U128{p[7]} * c + p[3] + high_of(s2);
    const U128 again = U128{high_of(s3)} * c;
    const U128 low = join(low_of(s1), low_of(s0)) + again;
    const U128 high = join(low_of(s3), low_of(s2));
    // A carry into the upper half, or a value from the modulus on: rare with a small c, so branches are free.
    if (low >= again && low_of(s3) != ~std::uint64_t{0}) [[likely]]
        return Word{limbs_of(high, low)};
    const limbs::Sum256 sum = limbs::add(limbs_of(high, low), {0, 0, low < again, 0});
    const limbs::Sum256 reduced = limbs::add(sum.value, {c});
    return Word{sum.carry || reduced.carry ? reduced.value : sum.value};
}

// --- by a reciprocal that is kept --------------------------------------------------------------------------

struct Modulus {
    Word value;  // as given; zero before the first
    bool seen_twice = false;
    limbs::Reciprocal reciprocal;  // computed only then
};

// A cache only: no result depends on what it holds.
constexpr std::size_t kept_moduli = 8;
thread_local constinit std::array<Modulus, kept_moduli> moduli;

[[gnu::noinline]] void keep_reciprocal(Modulus& modulus) {
    modulus.seen_twice = true;
    modulus.reciprocal = limbs::reciprocal_of(modulus.value.limbs);
}

// From the second use of a modulus on, if no other has taken its place: by its low limb, since many have all ones
// above.
[[gnu::always_inline]] inline const limbs::Reciprocal* reciprocal_of(const Word& modulus) {
    Modulus& kept = moduli[(modulus.limbs[0] * 0x9e3779b97f4a7c15) >> 61];
    if (kept.value != modulus) {
        kept.value = modulus;
        kept.seen_twice = false;
        return nullptr;
    }
    if (!kept.seen_twice) [[unlikely]]
        keep_reciprocal(kept);
    return &kept.reciprocal;
}

Word mulmod_by_columns(const Word& a, const Word& b, const limbs::Reciprocal& reciprocal) {
    return Word{limbs::multiply_modulo<limbs::ByColumns>(a.limbs, b.limbs, reciprocal)};
}

#if defined(__x86_64__)
[[gnu::target("bmi2")]] Word mulmod_by_rows(const Word& a, const Word& b, const limbs::Reciprocal& reciprocal) {
    return Word{limbs::multiply_modulo<limbs::ByRows>(a.limbs, b.limbs, reciprocal)};
}
#endif

// For a below the modulus.
Word mulmod_by_reciprocal(const Word& a, const Word& b, const limbs::Reciprocal& reciprocal) {
#if defined(__x86_64__)
    static const bool has_mulx = __builtin_cpu_supports("bmi2");
    if (has_mulx) return mulmod_by_rows(a, b, reciprocal);
#endif
    return mulmod_by_columns(a, b, reciprocal);
}

[[gnu::noinline]] Word mulmod_by_division(const Word& a, const Word& b, const Word& modulus) {
    return Word{limbs::remainder(limbs::multiply_wide(a.limbs, b.limbs), modulus.limbs)};
}

}  // namespace

// The ways are functions of their own: together they would not find registers enough.
Word mulmod_long(const Word& a, const Word& b, const Word& modulus) {
    if ((modulus.limbs[3] & modulus.limbs[2] & modulus.limbs[1]) == ~std::uint64_t{0} && modulus.limbs[0] != 0)
        return mulmod_near_power(a, b, modulus);
    const limbs::Reciprocal* const reciprocal = reciprocal_of(modulus);
    if (reciprocal == nullptr) return mulmod_by_division(a, b, modulus);
    if (a < modulus) [[likely]]
        return mulmod_by_reciprocal(a, b, *reciprocal);
    if (b < modulus) return mulmod_by_reciprocal(b, a, *reciprocal);
    return mulmod_by_reciprocal(Word{limbs::remainder_by(a.limbs, *reciprocal)}, b, *reciprocal);
}

Word addmod_long(const Word& a, const Word& b, const Word& modulus) {
    if (const limbs::Reciprocal* const reciprocal = reciprocal_of(modulus)) {
        const Word c{limbs::remainder_by(a.limbs, *reciprocal)}, d{limbs::remainder_by(b.limbs, *reciprocal)};
        const Word left = modulus - c;
        return d < left ? c + d : d - left;
    }
    const limbs::Sum256 sum = limbs::add(a.limbs, b.limbs);
    const auto& s = sum.value;
    return Word{limbs::remainder(limbs::Limbs<5>{s[0], s[1], s[2], s[3], sum.carry}, modulus.limbs)};
}

}  // namespace interlock::vm
