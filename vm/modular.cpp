// Modular multiplication with a modulus of four limbs.
//
// Modulo 2^256 - c, where c is one limb, the product's upper half counts c times: secp256k1's prime and 2^256 - 1 are
// of that kind. Contracts that multiply modulo something else do it with few moduli, thousands of times: on a modulus's
// second use a reciprocal is kept, and reducing costs two multiplications and no division. (Barrett, 1986; Knuth,
// TAOCP 2, section 4.3.1)
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
    Word value;               // as given; zero before the first
    bool seen_twice = false;  // what follows is computed only then
    unsigned shift = 0;
    Limbs<4> divisor{};     // the value moved left until its top bit is set
    Limbs<4> reciprocal{};  // floor((B^2 - 1) / divisor) - B, where B = 2^256
};

// A cache only: no result depends on what it holds.
constexpr std::size_t kept_moduli = 8;
thread_local std::array<Modulus, kept_moduli> moduli;

// Where a modulus is kept: by its low limb, since many have all ones above.
Modulus& place_of(const Word& modulus) { return moduli[(modulus.limbs[0] * 0x9e3779b97f4a7c15) >> 61]; }

[[gnu::noinline]] void keep_reciprocal(Modulus& modulus) {
    modulus.seen_twice = true;
    modulus.shift = static_cast<unsigned>(std::countl_zero(modulus.value.limbs[3]));
    modulus.divisor = (modulus.value << modulus.shift).limbs;
    Limbs<8> numerator;
    for (std::size_t i = 0; i < 4; ++i) {
        numerator[i] = ~std::uint64_t{0};
        numerator[i + 4] = ~modulus.divisor[i];
    }
    const auto& quotient = limbs::divide(numerator, modulus.divisor).quotient;
    modulus.reciprocal = {quotient[0], quotient[1], quotient[2], quotient[3]};
}

// Shifts by less than a limb.
[[gnu::always_inline]] inline Limbs<4> move_left(const Limbs<4>& a, unsigned bits) {
    const auto joined = [bits](std::uint64_t high, std::uint64_t low) {
        return high << bits | low >> 1 >> (63 - bits);
    };
    return {a[0] << bits, joined(a[1], a[0]), joined(a[2], a[1]), joined(a[3], a[2])};
}
[[gnu::always_inline]] inline Limbs<4> move_right(const Limbs<4>& a, unsigned bits) {
    const auto joined = [bits](std::uint64_t high, std::uint64_t low) {
        return low >> bits | high << 1 << (63 - bits);
    };
    return {joined(a[1], a[0]), joined(a[2], a[1]), joined(a[3], a[2]), a[3] >> bits};
}

// floor(p / divisor) or up to 2 less, for p below B·divisor: p's upper half plus the upper half of its product with the
// reciprocal v. Of that product's 16 parts those are left out that count less than 2^-60 in the result.
[[gnu::always_inline]] inline Limbs<4> estimate_quotient(const Limbs<8>& p, const Limbs<4>& v) {
    const std::uint64_t h0 = p[4], h1 = p[5], h2 = p[6], h3 = p[7];
    limbs::Column column;
    column.add_product(v[0], h2);
    column.add_product(v[1], h1);
    column.add_product(v[2], h0);
    column.take();
    column.add(p[3]);
    column.add_product(v[0], h3);
    column.add_product(v[1], h2);
    column.add_product(v[2], h1);
    column.add_product(v[3], h0);
    column.take();
    Limbs<4> quotient;
    column.add(h0);
    column.add_product(v[1], h3);
    column.add_product(v[2], h2);
    column.add_product(v[3], h1);
    quotient[0] = column.take();
    column.add(h1);
    column.add_product(v[2], h3);
    column.add_product(v[3], h2);
    quotient[1] = column.take();
    column.add(h2);
    column.add_product(v[3], h3);
    quotient[2] = column.take();
    quotient[3] = column.low + h3;
    return quotient;
}

// The low five limbs of q·d.
[[gnu::always_inline]] inline Limbs<5> multiply_low_five(const Limbs<4>& q, const Limbs<4>& d) {
    Limbs<5> product;
    limbs::Column column;
#pragma GCC unroll 4
    for (std::size_t k = 0; k < 4; ++k) {
#pragma GCC unroll 4
        for (std::size_t i = 0; i <= k; ++i) column.add_product(q[i], d[k - i]);
        product[k] = column.take();
    }
    product[4] = column.low + q[1] * d[3] + q[2] * d[2] + q[3] * d[1];
    return product;
}

// p mod modulus.divisor, for p below B·divisor.
[[gnu::always_inline]] inline Limbs<4> reduce(const Limbs<8>& p, const Modulus& modulus) {
    const Limbs<5> multiple = multiply_low_five(estimate_quotient(p, modulus.reciprocal), modulus.divisor);
    const limbs::Sum256 rest =
        limbs::subtract({p[0], p[1], p[2], p[3]}, {multiple[0], multiple[1], multiple[2], multiple[3]});
    const std::uint64_t top = p[4] - multiple[4] - rest.carry;  // above the four limbs: 0, 1 or 2
    const limbs::Sum256 less = limbs::subtract(rest.value, modulus.divisor);
    const bool once = top >= std::uint64_t{less.carry};
    const Limbs<4> result = limbs::select(once, less.value, rest.value);
    const bool twice = top > std::uint64_t{less.carry} || !limbs::less(result, modulus.divisor);
    if (twice) [[unlikely]]
        return limbs::subtract(result, modulus.divisor).value;
    return result;
}

// One factor below the modulus, moved like the divisor, keeps the product below B·divisor.
[[gnu::noinline]] Word mulmod_by_reciprocal(const Word& a, const Word& b, const Modulus& modulus) {
    const Limbs<4> factor = move_left(a.limbs, modulus.shift);
    return Word{move_right(reduce(limbs::multiply_wide(factor, b.limbs), modulus), modulus.shift)};
}

[[gnu::noinline]] Word mulmod_by_division(const Word& a, const Word& b, const Word& modulus) {
    return Word{limbs::remainder(limbs::multiply_wide(a.limbs, b.limbs), modulus.limbs)};
}

}  // namespace

// The ways are functions of their own: together they would not find registers enough.
Word mulmod_long(const Word& a, const Word& b, const Word& modulus) {
    if ((modulus.limbs[3] & modulus.limbs[2] & modulus.limbs[1]) == ~std::uint64_t{0} && modulus.limbs[0] != 0)
        return mulmod_near_power(a, b, modulus);
    Modulus& kept = place_of(modulus);
    if (kept.value != modulus) {
        kept = {.value = modulus};
        return mulmod_by_division(a, b, modulus);
    }
    if (!kept.seen_twice) [[unlikely]]
        keep_reciprocal(kept);
    if (a < modulus) [[likely]]
        return mulmod_by_reciprocal(a, b, kept);
    return mulmod_by_reciprocal(a % modulus, b, kept);
}

}  // namespace interlock::vm
