// Receipts and blooms as blocks commit to them.

#include "chain/receipt.hpp"

#include <gtest/gtest.h>

#include "chain/rlp.hpp"
#include "vm/keccak.hpp"

namespace interlock::chain {
namespace {

const Address shop = vm::parse_address("0x0f572e5295c57f15886f9b263e2f6d2d6c7b5ec6").value();

TEST(Logs, NoneHaveTheHashOfTheEmptyList) {
    EXPECT_EQ(vm::keccak256(encode_logs({})),
              vm::parse_hash("1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"));
}

TEST(Bloom, OfNothingIsEmpty) { EXPECT_EQ(bloom_of({}), Bloom{}); }

TEST(Bloom, MayContainWhatWasLogged) {
    const Hash topic = vm::keccak256(Bytes{1});
    const std::vector<vm::Log> logs{{shop, {topic}, {}}};
    EXPECT_TRUE(may_contain(bloom_of(logs), shop));
    EXPECT_TRUE(may_contain(bloom_of(logs), topic));
    EXPECT_FALSE(may_contain(bloom_of(logs), vm::keccak256(Bytes{2})));
}

// go-ethereum's published example: this address sets bits 1323, 431 and 1319.
TEST(Bloom, SetsTheThreeBitsThatTheHashNames) {
    const Bloom bloom = bloom_of(std::vector<vm::Log>{{shop, {}, {}}});
    std::vector<std::size_t> bits;
    for (std::size_t bit = 0; bit < 2048; ++bit)
        if (bloom[255 - bit / 8] >> bit % 8 & 1) bits.push_back(bit);
    EXPECT_EQ(bits, (std::vector<std::size_t>{431, 1319, 1323}));
}

TEST(Receipt, StartsWithItsTypeUnlessItIsLegacy) {
    const Bytes legacy = encode_receipt(TransactionType::Legacy, true, 21000, {});
    const Bytes typed = encode_receipt(TransactionType::FeeMarket, true, 21000, {});
    EXPECT_EQ(typed[0], 2);
    EXPECT_EQ(Bytes(typed.begin() + 1, typed.end()), legacy);
}

TEST(Receipt, HasStatusGasBloomAndLogs) {
    const Bytes encoded = encode_receipt(TransactionType::Legacy, false, 21000, {});
    const rlp::Decoded decoded = rlp::decode(encoded);
    ASSERT_TRUE(decoded.ok());
    const auto& fields = decoded.item.list();
    ASSERT_EQ(fields.size(), 4U);
    EXPECT_EQ(rlp::as_u64(fields[0]), 0U);
    EXPECT_EQ(rlp::as_u64(fields[1]), 21000U);
    EXPECT_EQ(fields[2].string().size(), 256U);
    EXPECT_TRUE(fields[3].list().empty());
}

TEST(Receipt, HasTheStatesRootInsteadOfTheStatusBeforeByzantium) {
    const Hash root = vm::to_hash(7);
    const Bytes encoded = encode_receipt(root, 21000, {});
    const rlp::Decoded decoded = rlp::decode(encoded);
    ASSERT_TRUE(decoded.ok());
    EXPECT_EQ(vm::word_from_big_endian(decoded.item.list()[0].string()), Word(7));
}

}  // namespace
}  // namespace interlock::chain
