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

}  // namespace
}  // namespace interlock::chain
