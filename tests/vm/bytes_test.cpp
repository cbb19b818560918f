// Hexadecimal text, addresses, hashes, and the names of forks and statuses.
#include "vm/bytes.hpp"

#include <gtest/gtest.h>

#include "vm/fork.hpp"
#include "vm/message.hpp"

namespace interlock::vm {
namespace {

TEST(Hex, PrintsTwoLowerCaseDigitsAByte) { EXPECT_EQ(to_hex(Bytes{0x00, 0xAb, 0xff}), "0x00abff"); }

TEST(Hex, PrintsNoBytesAsThePrefixAlone) { EXPECT_EQ(to_hex(Bytes{}), "0x"); }

TEST(Hex, ReadsEitherCaseWithAndWithoutThePrefix) {
    EXPECT_EQ(parse_hex("0x00aBfF"), (Bytes{0x00, 0xab, 0xff}));
    EXPECT_EQ(parse_hex("00aBfF"), (Bytes{0x00, 0xab, 0xff}));
}

TEST(Hex, ReadsThePrefixAloneAsNoBytes) {
    EXPECT_EQ(parse_hex("0x"), Bytes{});
    EXPECT_EQ(parse_hex(""), Bytes{});
}

TEST(Hex, RefusesOddAndForeignDigits) {
    for (const char* text : {"0x0", "f", "0xgg", "0x 0", "0x0x00", "-1", "0X00"})
        EXPECT_EQ(parse_hex(text), std::nullopt) << text;
}

TEST(Hex, ReadsAnAddressOfExactly40Digits) {
    const std::string digits(40, '1');
    ASSERT_TRUE(parse_address("0x" + digits));
    EXPECT_EQ(parse_address(digits)->bytes[19], 0x11);
    EXPECT_EQ(parse_address(digits + "11"), std::nullopt);
    EXPECT_EQ(parse_address(digits.substr(2)), std::nullopt);
}

TEST(Hex, ReadsAHashOfExactly64Digits) {
    const std::string digits(64, '2');
    ASSERT_TRUE(parse_hash("0x" + digits));
    EXPECT_EQ(to_hex(*parse_hash(digits)), "0x" + digits);
    EXPECT_EQ(parse_hash(digits.substr(2)), std::nullopt);
}

TEST(Forks, AreFoundByTheNameTheyHave) {
    for (std::size_t i = 0; i < fork_count; ++i) {
        const Fork fork = static_cast<Fork>(i);
        EXPECT_EQ(parse_fork(name_of(fork)), fork);
    }
}

TEST(Forks, AreFoundByTheNamesOfTheTestSuites) {
    EXPECT_EQ(parse_fork("EIP150"), Fork::TangerineWhistle);
    EXPECT_EQ(parse_fork("EIP158"), Fork::SpuriousDragon);
    EXPECT_EQ(parse_fork("ConstantinopleFix"), Fork::Petersburg);
    EXPECT_EQ(parse_fork("Merge"), Fork::Paris);
}

TEST(Forks, ThatNobodyKnowsAreNotFound) { EXPECT_EQ(parse_fork("cancun"), std::nullopt); }

TEST(Statuses, HaveNamesThatReadAsText) {
    EXPECT_EQ(name_of(Status::OutOfGas), "out of gas");
    EXPECT_EQ(name_of(Status::StaticViolation), "state change in a static call");
}

}  // namespace
}  // namespace interlock::vm
