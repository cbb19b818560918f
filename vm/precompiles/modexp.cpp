// Precompile 5: base ^ exponent mod modulus, for numbers of any length, by GMP.
// Input: the three lengths, a word each, then the three numbers, big-endian; bytes that are missing are zero.
// (EIP-198; priced anew by EIP-2565 in Berlin and EIP-7883 in Osaka; lengths limited by EIP-7823 in Osaka.)
#include <gmp.h>

#include <algorithm>
#include <array>

#include "vm/precompiles/functions.hpp"
#include "vm/word.hpp"

namespace interlock::vm::precompile {
namespace {

// No block pays for longer numbers: even with one-byte operands such an exponent costs 26 million units in Byzantium,
// whose blocks had a third of that, and 178 million from Berlin on.
constexpr std::uint64_t max_bytes = std::uint64_t{1} << 26;
constexpr std::uint64_t max_bytes_osaka = 1024;

// `count` bytes of the input from `offset` on, zeros where it has ended.
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

// The bits that square-and-multiply steps through, a long exponent's tail counted in full: `tail_factor` for each byte.
Word iterations(ByteView input, const Lengths& lengths, std::uint64_t tail_factor) {
    const std::uint64_t head_bytes = lengths.exponent < 32 ? lengths.exponent.low64() : 32;
    const Word head = word_from_big_endian(slice(input, 96 + lengths.base.low64(), head_bytes));
    const Word head_bits{bit_length(head) > 0 ? bit_length(head) - 1 : 0};
    const Word tail = lengths.exponent > 32 ? (lengths.exponent - 32) * tail_factor : Word{};
    return std::max(tail + head_bits, Word{1});
}

// What one multiplication of x-byte numbers is reckoned at.
Word complexity_byzantium(const Word& x) {
    if (x <= 64) return x * x;
    if (x <= 1024) return x * x / 4 + x * 96 - 3072;
    return x * x / 16 + x * 480 - 199680;
}
Word complexity_berlin(const Word& x) {
    const Word limbs = (x + 7) / 8;
    return limbs * limbs;
}
Word complexity_osaka(const Word& x) { return x <= 32 ? Word{16} : complexity_berlin(x) * 2; }

class Integer {
  public:
    Integer() { mpz_init(value_); }
    explicit Integer(const Bytes& bytes) : Integer() { mpz_import(value_, bytes.size(), 1, 1, 1, 0, bytes.data()); }
    ~Integer() { mpz_clear(value_); }
    Integer(const Integer&) = delete;
    Integer& operator=(const Integer&) = delete;

    [[nodiscard]] mpz_ptr get() { return value_; }
    [[nodiscard]] bool is_zero() const { return mpz_sgn(value_) == 0; }
    // Right-aligned in `size` bytes, which must hold it.
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

Gas modexp_gas(ByteView input, Fork fork) {
    const Lengths lengths = lengths_of(input);
    const Word longest = std::max(lengths.base, lengths.modulus);
    if (longest.is_zero() && fork < Fork::Berlin) return Gas{0};
    if (longest.is_zero() && fork < Fork::Osaka) return Gas{200};
    if (!lengths.all_within(max_bytes)) return unpayable;
    // From here on no product comes near 2^256.
    Word gas;
    if (fork < Fork::Berlin) gas = complexity_byzantium(longest) * iterations(input, lengths, 8) / 20;
    else if (fork < Fork::Osaka) gas = std::max(complexity_berlin(longest) * iterations(input, lengths, 8) / 3, Word{200});
    else gas = std::max(complexity_osaka(longest) * iterations(input, lengths, 16), Word{500});
    return gas < static_cast<std::uint64_t>(unpayable.units) ? Gas{static_cast<std::int64_t>(gas.low64())} : unpayable;
}

Output modexp(ByteView input, Fork fork) {
    const Lengths lengths = lengths_of(input);
    if (fork >= Fork::Osaka && !lengths.all_within(max_bytes_osaka)) return std::nullopt;
    // With nothing to raise and nothing to divide by, an exponent of any length was cheap.
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
