// Keccak-256 against known digests and against Crypto++ around the 136-byte rate.
#include "vm/keccak.hpp"

#include <cryptopp/keccak.h>
#include <gtest/gtest.h>

#include <random>

#include "vm/keccak_memo.hpp"
#include "vm/keccak_permutation.hpp"

namespace interlock::vm {
namespace {

Hash digest_by_cryptopp(ByteView data) {
    Hash digest;
    CryptoPP::Keccak_256 reference;
    reference.Update(data.data(), data.size());
    reference.Final(digest.bytes.data());
    return digest;
}

Hash keccak_of(std::string_view text) {
    return keccak256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

TEST(Keccak, HashesNothing) {
    EXPECT_EQ(to_hex(keccak256({})), "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
}

TEST(Keccak, HashesAbc) {
    EXPECT_EQ(to_hex(keccak_of("abc")), "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

TEST(Keccak, GivesTheSelectorOfATransfer) {
    EXPECT_EQ(to_hex(ByteView{keccak_of("transfer(address,uint256)")}.first(4)), "0xa9059cbb");
}

TEST(Keccak, AgreesWithCryptoppAtEveryLengthUpToFourBlocks) {
    std::mt19937_64 random(1);
    Bytes data;
    for (std::size_t length = 0; length <= 4 * 136 + 1; ++length) {
        EXPECT_EQ(keccak256(data), digest_by_cryptopp(data)) << length << " bytes";
        data.push_back(static_cast<std::uint8_t>(random()));
    }
}

TEST(Keccak, AgreesWithCryptoppOnAMegabyte) {
    std::mt19937_64 random(2);
    Bytes data(1'000'000);
    for (std::uint8_t& byte : data) byte = static_cast<std::uint8_t>(random());
    EXPECT_EQ(keccak256(data), digest_by_cryptopp(data));
}

#if defined(__x86_64__)
TEST(Keccak, PermutesInAssemblyAsInCpp) {
    if (!keccak::has_bmi()) GTEST_SKIP() << "this CPU has no BMI1 and BMI2";
    std::mt19937_64 random(3);
    keccak::State expected{};
    for (int i = 0; i < 10'000; ++i) {
        keccak::State actual = expected;
        keccak::permute_portably(expected);
        keccak::permute_with_bmi(actual);
        ASSERT_EQ(actual, expected) << "permutation " << i;
        expected[random() % expected.size()] ^= random();
    }
}
#endif

// More inputs than there are places, so that they push each other out, each asked for twice.
TEST(KeccakMemo, RemembersWhatTheHashIs) {
    std::mt19937_64 random(3);
    KeccakMemo memo;
    EXPECT_EQ(memo.hash(Bytes(64)), keccak256(Bytes(64)));
    EXPECT_EQ(memo.hash(Bytes(32)), keccak256(Bytes(32)));
    std::vector<Bytes> inputs;
    for (const std::size_t size : {32, 64})
        for (int i = 0; i < 1'000; ++i) {
            Bytes& input = inputs.emplace_back(size);
            for (std::uint8_t& byte : input) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0);
        }
    for (int round = 0; round < 3; ++round)
        for (const Bytes& input : inputs) {
            const Hash expected = keccak256(input);
            EXPECT_EQ(memo.hash(input), expected);
            EXPECT_EQ(memo.hash(input), expected);
        }
    EXPECT_FALSE(KeccakMemo::remembers(0));
    EXPECT_FALSE(KeccakMemo::remembers(33));
}

}  // namespace
}  // namespace interlock::vm
