#include "vm/code.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/vm/program.hpp"

namespace interlock::vm {
namespace {

using test::assemble;

TEST(Code, KnowsItsJumpDestinations) {
    const auto code = analyse(assemble("PUSH1 0x00 JUMPDEST STOP JUMPDEST"));
    EXPECT_FALSE(code->is_jump_target(0));
    EXPECT_TRUE(code->is_jump_target(2));
    EXPECT_FALSE(code->is_jump_target(3));
    EXPECT_TRUE(code->is_jump_target(4));
}

TEST(Code, TakesTheDataOfAPushForNoDestination) {
    const auto code = analyse(assemble("PUSH2 0x5b5b JUMPDEST"));
    EXPECT_FALSE(code->is_jump_target(1));
    EXPECT_FALSE(code->is_jump_target(2));
    EXPECT_TRUE(code->is_jump_target(3));
}

TEST(Code, HasNoDestinationBehindItsEnd) {
    const auto code = analyse(assemble("PUSH32 0x5b"));
    for (std::uint64_t pc = 0; pc < 200; ++pc) EXPECT_FALSE(code->is_jump_target(pc));
    EXPECT_FALSE(code->is_jump_target(~std::uint64_t{0}));
}

TEST(Code, FindsDestinationsInLongCode) {
    const Bytes code(30'000, static_cast<std::uint8_t>(Opcode::JUMPDEST));
    const auto analysed = analyse(code);
    EXPECT_TRUE(analysed->is_jump_target(29'999));
    EXPECT_FALSE(analysed->is_jump_target(30'000));
}

TEST(Code, FindsTheDestinationsThatASlowReaderFinds) {
    std::mt19937 random(7);
    for (int round = 0; round < 500; ++round) {
        Bytes bytes(random() % 300);
        for (auto& byte : bytes) byte = random() % 3 != 0 ? random() % 0x5b : 0x5a + random() % 0x28;
        const auto code = analyse(bytes);
        for (std::size_t pc = 0; pc < bytes.size(); ++pc) {
            EXPECT_EQ(code->is_jump_target(pc), bytes[pc] == static_cast<std::uint8_t>(Opcode::JUMPDEST));
            const std::size_t end = std::min(bytes.size(), pc + info(bytes[pc]).immediate + 1);
            while (++pc < end) EXPECT_FALSE(code->is_jump_target(pc));
            --pc;
        }
    }
}

TEST(Code, IsPaddedWithStops) {
    const auto code = analyse(assemble("PUSH32"));
    for (std::size_t i = 0; i < Code::padding; ++i) EXPECT_EQ(code->begin()[1 + i], 0);
}

TEST(Code, HashesItsBytes) {
    const Bytes bytes = assemble("PUSH1 0x01 STOP");
    EXPECT_EQ(analyse(bytes)->hash(), keccak256(bytes));
    EXPECT_EQ(to_hex(empty_code_hash()), "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
}

TEST(Code, ReadsADelegationDesignator) {
    Bytes bytes{0xef, 0x01, 0x00};
    bytes.insert(bytes.end(), test::other.bytes.begin(), test::other.bytes.end());
    EXPECT_EQ(analyse(bytes)->delegation(), test::other);
    bytes.push_back(0);
    EXPECT_EQ(analyse(bytes)->delegation(), std::nullopt);
}

TEST(CodeCache, AnalysesTheSameCodeOnce) {
    CodeCache cache;
    const Bytes bytes = assemble("JUMPDEST STOP");
    EXPECT_EQ(cache.get(keccak256(bytes), bytes), cache.get(keccak256(bytes), bytes));
}

TEST(CodeCache, ForgetsWhatWasUsedLeastRecently) {
    CodeCache cache(1'000);
    const auto get = [&](std::uint8_t fill) {
        const Bytes bytes(400, fill);
        return cache.get(keccak256(bytes), bytes);
    };
    const auto first = get(1), second = get(2);
    EXPECT_EQ(get(1), first);  // now the second is the older one
    static_cast<void>(get(3));
    EXPECT_EQ(cache.held_bytes(), 800u);
    EXPECT_EQ(get(1), first);
    EXPECT_NE(get(2), second);
}

}  // namespace
}  // namespace interlock::vm
