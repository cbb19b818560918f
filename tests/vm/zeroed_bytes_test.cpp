#include "vm/interpreter/zeroed_bytes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <random>

namespace interlock::vm::test {
namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

bool is_zero(const ZeroedBytes& bytes, std::size_t begin, std::size_t end) {
    return std::all_of(bytes.data() + begin, bytes.data() + end, [](std::uint8_t byte) { return byte == 0; });
}

TEST(ZeroedBytes, AreZeroWhoeverWroteThemBefore) {
    std::mt19937_64 random(1);
    ZeroedBytes bytes;
    for (int turn = 0; turn < 200; ++turn) {
        const std::size_t begin = random() % (2 * mebibyte);
        const std::size_t end = begin + (turn % 3 == 0 ? 32 : random() % (3 * mebibyte));
        bytes.reserve(end);
        bytes.clear(begin, end);
        ASSERT_TRUE(is_zero(bytes, begin, end)) << turn;
        std::fill(bytes.data() + begin, bytes.data() + end, std::uint8_t{0xff});
        bytes.mark_written(end);
        if (turn % 7 == 0) bytes.shrink_to(random() % (4 * mebibyte));
    }
}

TEST(ZeroedBytes, KeepWhatWasWrittenBesideTheClearedOnes) {
    for (const std::size_t size : {std::size_t{32}, std::size_t{33}, 3 * mebibyte, 70 * mebibyte}) {
        ZeroedBytes bytes;
        bytes.reserve(size + 200);
        std::fill(bytes.data(), bytes.data() + size + 200, std::uint8_t{0xff});
        bytes.mark_written(size + 200);
        bytes.clear(100, size + 100);
        EXPECT_TRUE(is_zero(bytes, 100, size + 100)) << size;
        EXPECT_EQ(std::count(bytes.data(), bytes.data() + size + 200, 0xff), 200) << size;
    }
}

TEST(ZeroedBytes, KeepWhatWasWrittenWhenTheyGrowMoveAndShrink) {
    ZeroedBytes bytes;
    bytes.reserve(1000);
    std::fill(bytes.data(), bytes.data() + 1000, std::uint8_t{7});
    bytes.mark_written(1000);
    bytes.reserve(64 * mebibyte);
    ZeroedBytes moved = std::move(bytes);
    moved.shrink_to(1000);
    EXPECT_GE(moved.capacity(), 1000u);
    EXPECT_LT(moved.capacity(), mebibyte);
    EXPECT_EQ(std::count(moved.data(), moved.data() + 1000, 7), 1000);
    moved.shrink_to(0);
    EXPECT_EQ(moved.capacity(), 0u);
}

#if defined(__linux__)
TEST(ZeroedBytes, TakeNoMemoryUntilTheyAreWritten) {
    const auto resident_pages = [] {
        std::size_t all = 0, resident = 0;
        std::ifstream("/proc/self/statm") >> all >> resident;
        return resident;
    };
    ZeroedBytes bytes;
    const std::size_t before = resident_pages();
    for (int turn = 0; turn < 3; ++turn) {
        bytes.reserve(1024 * mebibyte);
        bytes.clear(0, 1024 * mebibyte);
        bytes.data()[512 * mebibyte] = 1;
        bytes.mark_written(1024 * mebibyte);
    }
    EXPECT_LT(resident_pages() - before, 16 * mebibyte / 4096);
}
#endif

}  // namespace
}  // namespace interlock::vm::test
