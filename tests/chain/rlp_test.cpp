// RLP: the Yellow Paper's examples, and the ways in which an encoding can be wrong.

#include "chain/rlp.hpp"

#include <gtest/gtest.h>

#include <random>

namespace interlock::chain::rlp {
namespace {

Bytes text(std::string_view s) { return Bytes(s.begin(), s.end()); }
Bytes hex(std::string_view s) { return vm::parse_hex(s).value(); }

TEST(RlpEncoder, ASmallByteIsItself) { EXPECT_EQ(Encoder{}.string(hex("7f")).take(), hex("7f")); }
TEST(RlpEncoder, ALargeByteHasAPrefix) { EXPECT_EQ(Encoder{}.string(hex("80")).take(), hex("8180")); }
TEST(RlpEncoder, TheEmptyStringIsOneByte) { EXPECT_EQ(Encoder{}.string({}).take(), hex("80")); }
TEST(RlpEncoder, ZeroIsTheEmptyString) { EXPECT_EQ(Encoder{}.number(0).take(), hex("80")); }
TEST(RlpEncoder, ANumberHasNoLeadingZeros) { EXPECT_EQ(Encoder{}.number(1024).take(), hex("820400")); }
TEST(RlpEncoder, TheEmptyListIsOneByte) { EXPECT_EQ(Encoder{}.open().close().take(), hex("c0")); }

TEST(RlpEncoder, AListHoldsItsItems) {
    EXPECT_EQ(Encoder{}.open().string(text("cat")).string(text("dog")).close().take(), hex("c88363617483646f67"));
}

TEST(RlpEncoder, TheSetOfThreeNests) {  // [ [], [[]], [ [], [[]] ] ]
    Encoder rlp;
    rlp.open();
    rlp.open().close();
    rlp.open().open().close().close();
    rlp.open().open().close().open().open().close().close().close();
    rlp.close();
    EXPECT_EQ(rlp.take(), hex("c7c0c1c0c3c0c1c0"));
}

TEST(RlpEncoder, FiftySixBytesHaveALongPrefix) {
    const Bytes encoded = Encoder{}.string(Bytes(56, 'a')).take();
    EXPECT_EQ(Bytes(encoded.begin(), encoded.begin() + 3), hex("b83861"));
}

TEST(RlpDecoder, GivesBackWhatWasEncoded) {
    const Bytes encoded = Encoder{}.open().number(1024).string(Bytes(300, 7)).open().close().close().take();
    const Decoded decoded = decode(encoded);
    ASSERT_TRUE(decoded.ok());
    const auto& items = decoded.item.list();
    ASSERT_EQ(items.size(), 3U);
    EXPECT_EQ(as_u64(items[0]), 1024U);
    EXPECT_EQ(items[1].string().size(), 300U);
    EXPECT_TRUE(items[2].list().empty());
}

Error error_of(std::string_view input) { return decode(hex(input)).error; }

TEST(RlpDecoder, RefusesNothing) { EXPECT_EQ(error_of(""), Error::Truncated); }
TEST(RlpDecoder, RefusesAMissingPayload) { EXPECT_EQ(error_of("836361"), Error::Truncated); }
TEST(RlpDecoder, RefusesBytesBehindTheItem) { EXPECT_EQ(error_of("0102"), Error::TrailingBytes); }
TEST(RlpDecoder, RefusesAPrefixBeforeASmallByte) { EXPECT_EQ(error_of("8101"), Error::NotCanonical); }
TEST(RlpDecoder, RefusesALongPrefixForAShortString) { EXPECT_EQ(error_of("b80161"), Error::NotCanonical); }
TEST(RlpDecoder, RefusesALengthWithLeadingZeros) { EXPECT_EQ(error_of("b90038"), Error::NotCanonical); }
TEST(RlpDecoder, RefusesALengthThatIsNotThere) { EXPECT_EQ(error_of("bb12"), Error::Truncated); }
TEST(RlpDecoder, RefusesALengthBeyondTheInput) { EXPECT_EQ(error_of("bfffffffffffffffff"), Error::Truncated); }
TEST(RlpDecoder, RefusesAnItemThatLeavesItsList) { EXPECT_EQ(error_of("c28363"), Error::Truncated); }

TEST(RlpDecoder, RefusesListsThatNestTooDeeply) {
    Encoder rlp;
    for (std::size_t i = 0; i < max_depth + 2; ++i) rlp.open();
    for (std::size_t i = 0; i < max_depth + 2; ++i) rlp.close();
    EXPECT_EQ(decode(rlp.take()).error, Error::TooDeep);
}

TEST(RlpDecoder, RefusesMoreItemsThanItHasRoomFor) {
    Encoder rlp;
    rlp.open().raw(Bytes(max_items, 1)).close();
    EXPECT_EQ(decode(rlp.take()).error, Error::TooManyItems);
}

Bytes encoded_again(const Item& item) {
    Encoder rlp;
    if (!item.is_list()) return rlp.string(item.string()).take();
    rlp.open();
    for (const Item& inner : item.list()) rlp.raw(encoded_again(inner));
    return rlp.close().take();
}

TEST(RlpDecoder, WhateverItAcceptsHasNoOtherEncoding) {
    std::mt19937_64 random(1);
    std::size_t accepted = 0;
    for (int i = 0; i < 50'000; ++i) {
        Bytes input(1 + random() % 12);
        for (std::uint8_t& byte : input)
            byte = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : 0xc0 + random() % 6);
        const Decoded decoded = decode(input);
        if (!decoded.ok()) continue;
        ++accepted;
        ASSERT_EQ(encoded_again(decoded.item), input) << vm::to_hex(input);
    }
    EXPECT_GT(accepted, 1000U);
}

TEST(RlpNumbers, LeadingZerosAreNoNumber) { EXPECT_EQ(as_number(decode(hex("820001")).item), std::nullopt); }
TEST(RlpNumbers, ThirtyThreeBytesAreNoWord) {
    const Bytes encoded = Encoder{}.string(Bytes(33, 1)).take();
    EXPECT_EQ(as_number(decode(encoded).item), std::nullopt);
}

}  // namespace
}  // namespace interlock::chain::rlp
