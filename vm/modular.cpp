// Modular multiplication with a modulus of four limbs. Contracts that multiply modulo something do it with one modulus,
// thousands of times: on its second use a reciprocal is kept, and reducing costs two multiplications and no division.
// (Möller and Granlund's algorithm 4, see vm/limb_division.hpp, with digits of 256 bits.)
#include "vm/word.hpp"

namespace interlock::vm {
namespace {

struct Modulus {
    Word value;               // as given; zero before the first
    bool seen_twice = false;  // what follows is computed only then
    unsigned shift = 0;
    Word divisor;     // the value moved left until its top bit is set
    Word reciprocal;  // floor((B^2 - 1) / divisor) - B, where B = 2^256
};

// A cache only: no result depends on what it holds.
thread_local Modulus latest;

void keep_reciprocal(Modulus& modulus) {
    modulus.seen_twice = true;
    modulus.shift = static_cast<unsigned>(std::countl_zero(modulus.value.limbs[3]));
    modulus.divisor = modulus.value << modulus.shift;
    limbs::Limbs<8> numerator;
    for (std::size_t i = 0; i < 4; ++i) {
        numerator[i] = ~std::uint64_t{0};
        numerator[i + 4] = ~modulus.divisor.limbs[i];
    }
    const auto& quotient = limbs::divide(numerator, modulus.divisor.limbs).quotient;
    modulus.reciprocal = {quotient[3], quotient[2], quotient[1], quotient[0]};
}

// (high, low) mod modulus.divisor, where high < modulus.divisor.
Word reduce(const Word& high, const Word& low, const Modulus& modulus) {
    const Word& d = modulus.divisor;
    const limbs::Limbs<8> p = limbs::multiply_wide(modulus.reciprocal.limbs, high.limbs);
    const limbs::Sum256 estimate_low = limbs::add({p[0], p[1], p[2], p[3]}, low.limbs);
    const Word estimate_high = Word{p[7], p[6], p[5], p[4]} + high + Word{estimate_low.carry};
    Word remainder = low - (estimate_high + Word{1}) * d;
    // As likely as not: a mask, not a branch to be mispredicted.
    const std::uint64_t mask = -std::uint64_t{remainder > Word{estimate_low.value}};
    remainder += Word{mask, mask, mask, mask} & d;
    if (remainder >= d) [[unlikely]]
        remainder -= d;
    return remainder;
}

}  // namespace

Word mulmod_by_reciprocal(const Word& a, const Word& b, const Word& modulus) {
    if (latest.value != modulus) {
        latest = {.value = modulus, .divisor = {}, .reciprocal = {}};
        return Word{limbs::remainder(limbs::multiply_wide(a.limbs, b.limbs), modulus.limbs)};
    }
    if (!latest.seen_twice) keep_reciprocal(latest);
    // One factor below the modulus, moved like the divisor, keeps the product's upper half below the divisor.
    const unsigned shift = latest.shift & 63;
    const Word factor = (a < modulus ? a : a % modulus) << shift;
    const limbs::Limbs<8> p = limbs::multiply_wide(factor.limbs, b.limbs);
    return reduce({p[7], p[6], p[5], p[4]}, {p[3], p[2], p[1], p[0]}, latest) >> shift;
}

}  // namespace interlock::vm
