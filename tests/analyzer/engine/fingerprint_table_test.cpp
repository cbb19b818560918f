#include "analyzer/engine/fingerprint_table.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <unordered_set>
#include <vector>

#include "analyzer/engine/weights.hpp"

namespace interlock::analyzer::engine {
namespace {

TEST(FingerprintTable, IsASet) {
    FingerprintTable table;
    std::unordered_set<std::uint64_t> expected;
    for (std::uint64_t i = 0; i < 200'000; ++i) {
        const std::uint64_t fingerprint = mixed(i % 3 == 0 ? i / 2 : i);
        ASSERT_EQ(table.insert(fingerprint), expected.insert(fingerprint).second) << i;
    }
    for (const std::uint64_t fingerprint : expected) ASSERT_FALSE(table.insert(fingerprint));
}

// The largest fingerprints all belong to the last slot: they overflow to the front, also while the table grows.
TEST(FingerprintTable, GoesOnInFrontWhereTheEndIsFull) {
    FingerprintTable table;
    for (std::uint64_t i = 0; i < 1000; ++i) ASSERT_TRUE(table.insert(~i));
    for (std::uint64_t i = 0; i < 1000; ++i) ASSERT_TRUE(table.insert(i + 2));
    for (std::uint64_t i = 0; i < 1000; ++i) {
        ASSERT_FALSE(table.insert(~i));
        ASSERT_FALSE(table.insert(i + 2));
        ASSERT_FALSE(table.insert_shared(~i));
        ASSERT_FALSE(table.insert_shared(i + 2));
    }
}

TEST(FingerprintTable, TakesZeroForAFingerprint) {
    FingerprintTable table;
    EXPECT_TRUE(table.insert(0));
    EXPECT_FALSE(table.insert(0));
}

TEST(FingerprintTable, AStateCostsAtMostThirteenBytesAtAnySize) {
    FingerprintTable table;
    for (std::uint64_t i = 0; i < 3'000'000; ++i) {
        (void)table.insert(mixed(i));
        if (i < 1000) continue;
        ASSERT_LE(static_cast<double>(table.bytes()) / static_cast<double>(i + 1), 13.0) << i;
    }
}

TEST(FingerprintTable, EachFingerprintIsNewToOneThreadOnly) {
    constexpr std::uint64_t count = 100'000;
    FingerprintTable table(count * 2);
    std::vector<std::uint64_t> fresh(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t thread = 0; thread < fresh.size(); ++thread)
            threads.emplace_back([&, thread] {
                for (std::uint64_t i = 0; i < count; ++i)
                    fresh[thread] += table.insert_shared(mixed((i + thread * count / 4) % count));
            });
    }
    EXPECT_EQ(fresh[0] + fresh[1] + fresh[2] + fresh[3], count);
    table.grow_for(count * 4);
    EXPECT_GT(table.capacity(), count * 5);
    for (std::uint64_t i = 0; i < count; ++i) ASSERT_FALSE(table.insert(mixed(i)));
}

TEST(CollisionOdds, AreThoseOfBirthdays) {
    EXPECT_EQ(collision_odds(0), 0);
    EXPECT_EQ(collision_odds(1), 0);
    EXPECT_DOUBLE_EQ(collision_odds(2), 1 / 18446744073709551616.0);
    EXPECT_NEAR(collision_odds(504'849), 6.9e-9, 1e-10);
}

}  // namespace
}  // namespace interlock::analyzer::engine
