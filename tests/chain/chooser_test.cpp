#include "chain/chooser.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace interlock::chain {
namespace {

TEST(SeededChooser, TheSameSeedGivesTheSameAnswers) {
    SeededChooser one(7), other(7);
    for (int i = 0; i < 100; ++i) ASSERT_EQ(one.choose("transaction", 10), other.choose("stranger", 10));
}

TEST(SeededChooser, EveryAlternativeComesUp) {
    SeededChooser chooser(1);
    std::vector<int> counts(5);
    for (int i = 0; i < 5000; ++i) ++counts.at(chooser.choose("transaction", 5));
    for (const int count : counts) EXPECT_NEAR(count, 1000, 150);
}

TEST(SeededChooser, OneAlternativeIsNoChoice) { EXPECT_EQ(SeededChooser(3).choose("stranger", 1), 0U); }

// A little game with three questions; how many alternatives the last has depends on the first.
std::uint32_t play(Chooser& chooser) {
    const std::uint32_t first = chooser.choose("first", 4), second = chooser.choose("second", 3);
    return first * 100 + second * 10 + chooser.choose("third", 1 + first);
}

TEST(ScriptedChooser, WhatWasRecordedRepeatsTheRun) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        SeededChooser seeded(seed);
        RecordingChooser recorded(seeded);
        const std::uint32_t outcome = play(recorded);
        ASSERT_EQ(recorded.trace().size(), 3U);
        ScriptedChooser scripted(recorded.trace());
        EXPECT_EQ(play(scripted), outcome);
        EXPECT_TRUE(scripted.was_followed());
    }
}

TEST(ScriptedChooser, AnswersZeroWhereTheTraceHasNoAnswerAndSaysSo) {
    ScriptedChooser too_short({3, 2});
    EXPECT_EQ(play(too_short), 320U);
    EXPECT_FALSE(too_short.was_followed());

    ScriptedChooser too_large({1, 3, 1});
    EXPECT_EQ(play(too_large), 101U);
    EXPECT_FALSE(too_large.was_followed());

    ScriptedChooser too_long({1, 2, 1, 0});
    EXPECT_EQ(play(too_long), 121U);
    EXPECT_FALSE(too_long.was_followed());
}

}  // namespace
}  // namespace interlock::chain
