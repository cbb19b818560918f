// Words against Boost.Multiprecision: every operation, on operands whose limbs lean towards the edges.
#include "vm/word.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <random>

namespace interlock::vm {
namespace {

using boost::multiprecision::cpp_int;

const cpp_int two_to_256 = cpp_int{1} << 256;
const cpp_int two_to_255 = cpp_int{1} << 255;

cpp_int big(const Word& word) {
    cpp_int value;
    for (std::size_t i = 4; i-- > 0;) value = (value << 64) | word.limbs[i];
    return value;
}

Word wrapped(const cpp_int& value) {
    cpp_int rest = value % two_to_256;
    if (rest < 0) rest += two_to_256;
    Word word;
    for (std::uint64_t& limb : word.limbs) {
        limb = static_cast<std::uint64_t>(rest & ~std::uint64_t{0});
        rest >>= 64;
    }
    return word;
}

cpp_int as_signed(const Word& word) { return word.is_negative() ? cpp_int{big(word) - two_to_256} : big(word); }

// Draws words that meet the carry chains and division's corner cases far more often than uniform ones would.
class Operands {
  public:
    explicit Operands(std::uint64_t seed) : random_(seed) {}

    std::uint64_t limb() {
        const std::uint64_t power = std::uint64_t{1} << (random_() % 64);
        switch (random_() % 10) {
            case 0:
            case 1: return 0;
            case 2: return 1;
            case 3: return ~std::uint64_t{0};
            case 4: return power;
            case 5: return power - 1;
            case 6: return ~power + 2;  // -(2^k) + 1
            case 7: return random_() % 1000;
            default: return random_();
        }
    }
    Word word() {
        Word value;
        const std::size_t used = 1 + random_() % 4;
        for (std::size_t i = 0; i < used; ++i) value.limbs[i] = limb();
        return random_() % 16 == 0 ? ~value : value;
    }
    std::uint64_t shift() { return random_() % 8 == 0 ? random_() : random_() % 260; }
    std::uint64_t number(std::uint64_t below) { return random_() % below; }

  private:
    std::mt19937_64 random_;
};

constexpr int cases = 20'000;

template <class Check>
void for_operands(std::uint64_t seed, Check check) {
    Operands operands(seed);
    for (int i = 0; i < cases && !testing::Test::HasFailure(); ++i) {
        const Word a = operands.word(), b = operands.word();
        SCOPED_TRACE("a = " + to_hex(a) + ", b = " + to_hex(b));
        check(a, b, operands);
    }
}

TEST(Word, AddsModulo2To256) {
    for_operands(1, [](const Word& a, const Word& b, Operands&) { EXPECT_EQ(a + b, wrapped(big(a) + big(b))); });
}

TEST(Word, SubtractsModulo2To256) {
    for_operands(2, [](const Word& a, const Word& b, Operands&) { EXPECT_EQ(a - b, wrapped(big(a) - big(b))); });
}

TEST(Word, NegatesAsTwosComplement) {
    for_operands(3, [](const Word& a, const Word&, Operands&) { EXPECT_EQ(-a, wrapped(-big(a))); });
}

TEST(Word, MultipliesModulo2To256) {
    for_operands(4, [](const Word& a, const Word& b, Operands&) { EXPECT_EQ(a * b, wrapped(big(a) * big(b))); });
}

TEST(Word, MultipliesToFullWidth) {
    for_operands(5, [](const Word& a, const Word& b, Operands&) {
        const limbs::Limbs<8> product = limbs::multiply_wide(a.limbs, b.limbs);
        EXPECT_EQ((Word{product[3], product[2], product[1], product[0]}), wrapped(big(a) * big(b)));
        EXPECT_EQ((Word{product[7], product[6], product[5], product[4]}), wrapped((big(a) * big(b)) >> 256));
    });
}

TEST(Word, DividesAndLeavesTheRemainder) {
    for_operands(6, [](const Word& a, const Word& b, Operands&) {
        EXPECT_EQ(a / b, b.is_zero() ? Word{} : wrapped(big(a) / big(b)));
        EXPECT_EQ(a % b, b.is_zero() ? Word{} : wrapped(big(a) % big(b)));
    });
}

// Numerators just below and at a multiple of the divisor: where an estimated quotient digit is one too large.
TEST(Word, DividesNumbersNextToAMultipleOfTheDivisor) {
    for_operands(7, [](const Word& divisor, const Word& factor, Operands& operands) {
        if (divisor.is_zero()) return;
        const Word quotient = factor % (~Word{} / divisor);
        const Word multiple = divisor * quotient;
        const Word near = multiple + Word{operands.number(3)} - Word{1};
        EXPECT_EQ(near / divisor, wrapped(big(near) / big(divisor)));
        EXPECT_EQ(near % divisor, wrapped(big(near) % big(divisor)));
    });
}

TEST(Word, DividesSignedTowardsZero) {
    for_operands(8, [](const Word& a, const Word& b, Operands&) {
        EXPECT_EQ(sdiv(a, b), b.is_zero() ? Word{} : wrapped(as_signed(a) / as_signed(b)));
    });
}

TEST(Word, WrapsTheSmallestSignedNumberDividedByMinusOne) { EXPECT_EQ(sdiv(Word{1} << 255, -Word{1}), Word{1} << 255); }

TEST(Word, GivesTheSignedRemainderTheSignOfTheDividend) {
    for_operands(9, [](const Word& a, const Word& b, Operands&) {
        EXPECT_EQ(smod(a, b), b.is_zero() ? Word{} : wrapped(as_signed(a) % as_signed(b)));
    });
}

TEST(Word, AddsModuloAnyWordWithoutWrapping) {
    for_operands(10, [](const Word& a, const Word& b, Operands& operands) {
        const Word m = operands.word();
        EXPECT_EQ(addmod(a, b, m), m.is_zero() ? Word{} : wrapped((big(a) + big(b)) % big(m))) << to_hex(m);
    });
}

TEST(Word, MultipliesModuloAnyWordWithoutWrapping) {
    for_operands(11, [](const Word& a, const Word& b, Operands& operands) {
        const Word m = operands.word();
        EXPECT_EQ(mulmod(a, b, m), m.is_zero() ? Word{} : wrapped((big(a) * big(b)) % big(m))) << to_hex(m);
    });
}

// From the second multiplication on, a reciprocal of the modulus is kept.
TEST(Word, MultipliesAndAddsModuloTheSameWordAgainAndAgain) {
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Operands operands(seed);
        Word m = operands.word();
        m.limbs[3] = operands.limb() | 1;
        for (int i = 0; i < 100; ++i) {
            const Word a = operands.word(), b = operands.word();
            ASSERT_EQ(mulmod(a, b, m), wrapped((big(a) * big(b)) % big(m)))
                << to_hex(a) << " * " << to_hex(b) << " mod " << to_hex(m);
            ASSERT_EQ(addmod(a, b, m), wrapped((big(a) + big(b)) % big(m)))
                << to_hex(a) << " + " << to_hex(b) << " mod " << to_hex(m);
        }
    }
}

TEST(Word, RaisesToAPowerModulo2To256) {
    Operands operands(12);
    for (int i = 0; i < 1000; ++i) {
        const Word base = operands.word(), exponent = operands.word();
        EXPECT_EQ(power(base, exponent), wrapped(powm(big(base), big(exponent), two_to_256)))
            << to_hex(base) << " ^ " << to_hex(exponent);
    }
}

TEST(Word, RaisesTwoToAnyPower) {
    for (std::uint64_t exponent = 0; exponent < 300; ++exponent)
        EXPECT_EQ(power(2, exponent), exponent < 256 ? wrapped(cpp_int{1} << static_cast<unsigned>(exponent)) : Word{});
    EXPECT_EQ(power(2, Word{1} << 64), Word{});
}

TEST(Word, RaisesZeroToZeroAsOne) { EXPECT_EQ(power(0, 0), Word{1}); }

TEST(Word, ShiftsLeftAndDropsWhatLeaves) {
    for_operands(13, [](const Word& a, const Word&, Operands& operands) {
        const std::uint64_t bits = operands.shift();
        EXPECT_EQ(a << bits, bits >= 256 ? Word{} : wrapped(big(a) << static_cast<unsigned>(bits))) << bits;
    });
}

TEST(Word, ShiftsRightAndDropsWhatLeaves) {
    for_operands(14, [](const Word& a, const Word&, Operands& operands) {
        const std::uint64_t bits = operands.shift();
        EXPECT_EQ(a >> bits, bits >= 256 ? Word{} : wrapped(big(a) >> static_cast<unsigned>(bits))) << bits;
    });
}

TEST(Word, ShiftsRightArithmeticallyWithCopiesOfTheSign) {
    for_operands(15, [](const Word& a, const Word&, Operands& operands) {
        const std::uint64_t bits = operands.shift();
        const unsigned clamped = static_cast<unsigned>(std::min<std::uint64_t>(bits, 256));
        const cpp_int divisor = cpp_int{1} << clamped;
        cpp_int floor = as_signed(a) / divisor;
        if (as_signed(a) < 0 && floor * divisor != as_signed(a)) --floor;
        EXPECT_EQ(arithmetic_shift_right(a, bits), wrapped(floor)) << bits;
    });
}

TEST(Word, ExtendsTheSignFromAByte) {
    for_operands(16, [](const Word& a, const Word&, Operands& operands) {
        const std::uint64_t index = operands.number(33);
        cpp_int expected = big(a);
        if (index < 31) {
            const cpp_int modulus = cpp_int{1} << static_cast<unsigned>(8 * (index + 1));
            expected %= modulus;
            if (expected >= modulus / 2) expected -= modulus;
        }
        EXPECT_EQ(sign_extend(a, index), wrapped(expected)) << index;
    });
}

TEST(Word, LeavesTheValueWhenTheSignByteIsBeyondTheWord) {
    EXPECT_EQ(sign_extend(Word{0x80}, Word{1, 0, 0, 0}), Word{0x80});
}

TEST(Word, CombinesBitsLimbByLimb) {
    for_operands(17, [](const Word& a, const Word& b, Operands&) {
        EXPECT_EQ(a & b, wrapped(big(a) & big(b)));
        EXPECT_EQ(a | b, wrapped(big(a) | big(b)));
        EXPECT_EQ(a ^ b, wrapped(big(a) ^ big(b)));
        EXPECT_EQ(~a, wrapped(two_to_256 - 1 - big(a)));
    });
}

TEST(Word, ComparesUnsigned) {
    for_operands(18, [](const Word& a, const Word& b, Operands&) {
        EXPECT_EQ(a < b, big(a) < big(b));
        EXPECT_EQ(a > b, big(a) > big(b));
        EXPECT_EQ(a <= b, big(a) <= big(b));
        EXPECT_EQ(a >= b, big(a) >= big(b));
        EXPECT_EQ(a == b, big(a) == big(b));
        EXPECT_EQ((a <=> b) < 0, big(a) < big(b));
        EXPECT_EQ((a <=> b) == 0, big(a) == big(b));
    });
}

TEST(Word, ComparesSigned) {
    for_operands(19,
                 [](const Word& a, const Word& b, Operands&) { EXPECT_EQ(signed_less(a, b), as_signed(a) < as_signed(b)); });
}

TEST(Word, CountsItsBitsAndBytes) {
    for_operands(20, [](const Word& a, const Word&, Operands&) {
        const unsigned bits = a.is_zero() ? 0 : static_cast<unsigned>(msb(big(a))) + 1;
        EXPECT_EQ(bit_length(a), bits);
        EXPECT_EQ(byte_length(a), (bits + 7) / 8);
    });
}

TEST(Word, AssignsCompoundlyWhatTheOperatorsGive) {
    for_operands(21, [](const Word& a, const Word& b, Operands& operands) {
        const std::uint64_t bits = operands.shift();
        Word c = a;
        EXPECT_EQ(c += b, a + b);
        EXPECT_EQ(c -= b, a);
        EXPECT_EQ(c *= b, a * b);
        EXPECT_EQ((c = a) /= b, a / b);
        EXPECT_EQ((c = a) %= b, a % b);
        EXPECT_EQ((c = a) &= b, a & b);
        EXPECT_EQ((c = a) |= b, a | b);
        EXPECT_EQ((c = a) ^= b, a ^ b);
        EXPECT_EQ((c = a) <<= bits, a << bits);
        EXPECT_EQ((c = a) >>= bits, a >> bits);
    });
}

TEST(Word, ComputesAtCompileTime) {
    static_assert(Word{7} * Word{6} == Word{42});
    static_assert((Word{1} << 200) / (Word{1} << 130) == (Word{1} << 70));
    static_assert((~Word{}) / Word{0, 1, 2, 3} * Word{0, 1, 2, 3} + (~Word{}) % Word{0, 1, 2, 3} == ~Word{});
    static_assert((~Word{}) / Word{10} * Word{10} + Word{5} == ~Word{});
    static_assert(mulmod(~Word{}, ~Word{}, Word{12}) == Word{9});
    static_assert(power(2, 255) == Word{1} << 255);
    static_assert(sdiv(-Word{7}, 2) == -Word{3});
}

// --- bytes and text ---

TEST(WordBytes, RoundTripInBigEndianOrder) {
    for_operands(30, [](const Word& a, const Word&, Operands&) {
        const auto bytes = to_big_endian(a);
        cpp_int expected;
        import_bits(expected, bytes.begin(), bytes.end(), 8, true);
        EXPECT_EQ(big(a), expected);
        EXPECT_EQ(word_from_big_endian(bytes), a);
        EXPECT_EQ(to_word(to_hash(a)), a);
    });
}

TEST(WordBytes, FewerThan32AreTheLowEnd) {
    const Bytes bytes = {0x01, 0x02, 0x03};
    EXPECT_EQ(word_from_big_endian(bytes), Word{0x010203});
    EXPECT_EQ(word_from_big_endian({}), Word{});
}

TEST(WordBytes, AnAddressIsTheLow20) {
    const Word word{0xffffffffffffffff, 0xffffffff00112233, 0x445566778899aabb, 0xccddeeff01020304};
    const Address address = to_address(word);
    EXPECT_EQ(to_hex(address), "0x00112233445566778899aabbccddeeff01020304");
    EXPECT_EQ(to_word(address), (Word{0, 0x00112233, 0x445566778899aabb, 0xccddeeff01020304}));
}

TEST(WordText, PrintsDecimalAsBoostDoes) {
    for_operands(31, [](const Word& a, const Word&, Operands&) { EXPECT_EQ(to_decimal(a), big(a).str()); });
}

TEST(WordText, PrintsHexWithoutLeadingZeros) {
    EXPECT_EQ(to_hex(Word{}), "0x0");
    EXPECT_EQ(to_hex(Word{1'000'000'000'000'000'000}), "0xde0b6b3a7640000");
    EXPECT_EQ(to_hex(Word{1} << 255), "0x8" + std::string(63, '0'));
}

TEST(WordText, ReadsBackWhatItPrints) {
    for_operands(32, [](const Word& a, const Word&, Operands&) {
        EXPECT_EQ(parse_word(to_decimal(a)), a);
        EXPECT_EQ(parse_word(to_hex(a)), a);
    });
}

TEST(WordText, ReadsDigitsOfEitherCaseAndLeadingZeros) {
    EXPECT_EQ(parse_word("0xDeadBeef"), Word{0xdeadbeef});
    EXPECT_EQ(parse_word("0x" + std::string(100, '0') + "1"), Word{1});
    EXPECT_EQ(parse_word(std::string(100, '0') + "42"), Word{42});
}

TEST(WordText, ReadsTheLargestWordAndRefusesTheNext) {
    const cpp_int max = two_to_256 - 1;
    EXPECT_EQ(parse_word(max.str()), ~Word{});
    EXPECT_EQ(parse_word(two_to_256.str()), std::nullopt);
    EXPECT_EQ(parse_word(cpp_int{max * 10}.str()), std::nullopt);
    EXPECT_EQ(parse_word("0x" + std::string(64, 'f')), ~Word{});
    EXPECT_EQ(parse_word("0x1" + std::string(64, '0')), std::nullopt);
}

TEST(WordText, RefusesWhatIsNotANumber) {
    for (const char* text : {"", "0x", "x", "-1", "+1", " 1", "1 ", "1a", "0xg", "0X1", "1.0", "1e3", "1_000", "0x0x1"})
        EXPECT_EQ(parse_word(text), std::nullopt) << '"' << text << '"';
}

}  // namespace
}  // namespace interlock::vm
