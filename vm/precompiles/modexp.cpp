// Precompile 5: base ^ exponent mod modulus for numbers of any length, computed by GMP. Input: the three lengths, one
// word each, then the three numbers, big-endian; missing bytes are zero. (EIP-198; new prices by EIP-2565 in Berlin and
// EIP-7883 in Osaka; lengths limited by EIP-7823 in Osaka.)
#include <gmp.h>

#include <algorithm>
#include <array>

#include "vm/precompiles/functions.hpp"
#include "vm/word.hpp"

namespace interlock::vm::precompile {
namespace {

// No block pays for longer numbers: even with one-byte operands such an exponent costs 26 million units of gas in
// Byzantium, whose blocks had a third of that, and 178 million from Berlin on.
constexpr std::uint64_t max_bytes = std::uint64_t{1} << 26;

// Returns `count` bytes of the input from `offset` on, padded with zeros.
Bytes slice(ByteView input, std::uint64_t offset, std::uint64_t count) {
    Bytes bytes(count);
    if (offset < input.size()) {
        const ByteView present = input.subspan(offset, std::min(count, input.size() - offset));
        std::copy(present.begin(), present.end(), bytes.begin());
    }
    return bytes;
}

struct Lengths {
    Word base, exponent, modulus;  // bytes

    [[nodiscard]] bool all_within(std::uint64_t limit) const { return std::max({base, exponent, modulus}) <= limit; }
};

Lengths lengths_of(ByteView input) {
    const auto word = [&](std::uint64_t offset) { return word_from_big_endian(slice(input, offset, 32)); };
    return {word(0), word(32), word(64)};
}

// Returns the number of steps of square-and-multiply. Each byte of a long exponent's tail counts `tail_factor`.
Word iterations(ByteView input, const Lengths& lengths, std::uint64_t tail_factor) {
    const std::uint64_t head_bytes = lengths.exponent < 32 ? lengths.exponent.low64() : 32;
    const Word head = word_from_big_endian(slice(input, 96 + lengths.base.low64(), head_bytes));
    const Word head_bits{bit_length(head) > 0 ? bit_length(head) - 1 : 0};
    const Word tail = lengths.exponent > 32 ? (lengths.exponent - 32) * tail_factor : Word{};
    return std::max(tail + head_bits, Word{1});
}

// Returns the assumed cost of one multiplication of x-byte numbers.
Word complexity_of(ModexpRules::Complexity rule, const Word& x) {
    const Word limbs = (x + 7) / 8;
    switch (rule) {
        case ModexpRules::Complexity::Pieces:
            if (x <= 64) return x * x;
            if (x <= 1024) return x * x / 4 + x * 96 - 3072;
            return x * x / 16 + x * 480 - 199680;
        case ModexpRules::Complexity::Limbs: return limbs * limbs;
        case ModexpRules::Complexity::DoubledLimbs: return x <= 32 ? Word{16} : limbs * limbs * 2;
    }
    return {};
}

class Integer {
  public:
    Integer() { mpz_init(value_); }
    explicit Integer(const Bytes& bytes) : Integer() { mpz_import(value_, bytes.size(), 1, 1, 1, 0, bytes.data()); }
    ~Integer() { mpz_clear(value_); }
    Integer(const Integer&) = delete;
    Integer& operator=(const Integer&) = delete;

    [[nodiscard]] mpz_ptr get() { return value_; }
    [[nodiscard]] bool is_zero() const { return mpz_sgn(value_) == 0; }
    // Writes the number right-aligned into `size` bytes, which must be enough.
    [[nodiscard]] Bytes to_bytes(std::size_t size) const {
        Bytes bytes(size);
        const std::size_t used = is_zero() ? 0 : (mpz_sizeinbase(value_, 2) + 7) / 8;
        mpz_export(bytes.data() + (size - used), nullptr, 1, 1, 1, 0, value_);
        return bytes;
    }

  private:
    mpz_t value_;
};

}  // namespace

Gas modexp_gas(ByteView input, const PrecompileRules& rules) {
    const ModexpRules& prices = rules.modexp;
    const Lengths lengths = lengths_of(input);
    const Word longest = std::max(lengths.base, lengths.modulus);
    if (longest > max_bytes) return unpayable;
    const Word complexity = complexity_of(prices.complexity, longest);
    // With an empty base and an empty modulus an exponent of any length used to be cheap.
    if (complexity.is_zero()) return Gas{static_cast<std::int64_t>(prices.least)};
    if (lengths.exponent > max_bytes) return unpayable;
    // No product comes near 2^256.
    const Word gas =
        std::max(complexity * iterations(input, lengths, prices.tail_factor) / prices.divisor, Word{prices.least});
    return gas < static_cast<std::uint64_t>(unpayable.units) ? Gas{static_cast<std::int64_t>(gas.low64())} : unpayable;
}

Output modexp(ByteView input, const PrecompileRules& rules) {
    const Lengths lengths = lengths_of(input);
    const auto& limit = rules.modexp.max_bytes;
    if (limit && !lengths.all_within(*limit)) return std::nullopt;
    if (lengths.modulus.is_zero()) return Bytes{};
    if (!lengths.all_within(max_bytes)) return std::nullopt;
    const std::uint64_t base_bytes = lengths.base.low64(), exponent_bytes = lengths.exponent.low64();
    const std::uint64_t modulus_bytes = lengths.modulus.low64();
    Integer modulus(slice(input, 96 + base_bytes + exponent_bytes, modulus_bytes));
    if (modulus.is_zero()) return Bytes(modulus_bytes);
    Integer base(slice(input, 96, base_bytes)), exponent(slice(input, 96 + base_bytes, exponent_bytes));
    mpz_powm(base.get(), base.get(), exponent.get(), modulus.get());
    return base.to_bytes(modulus_bytes);
}

}  // namespace interlock::vm::precompile
