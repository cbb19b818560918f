#include "analyzer/engine/choosers.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "analyzer/engine/walk.hpp"
#include "analyzer/models/dao_5a.hpp"
#include "analyzer/models/evm_bank.hpp"

namespace interlock::analyzer::engine {
namespace {

using chain::Trace;

TEST(ExhaustiveChooser, TriesEveryRunOnceInOrder) {
    ExhaustiveChooser every;
    std::vector<Trace> traces;
    do {
        const std::uint32_t first = every.choose("first", 3);
        for (std::uint32_t i = 0; i < first; ++i) (void)every.choose("more", 2);
        traces.push_back(every.trace());
    } while (every.next());
    EXPECT_EQ(traces, (std::vector<Trace>{{0}, {1, 0}, {1, 1}, {2, 0, 0}, {2, 0, 1}, {2, 1, 0}, {2, 1, 1}}));
}

TEST(ExhaustiveChooser, AProgramWithoutQuestionsHasOneRun) {
    ExhaustiveChooser every;
    EXPECT_FALSE(every.next());
}

TEST(ExhaustiveChooser, WalksEveryPathOfAModel) {
    ExhaustiveChooser every;
    std::set<std::uint64_t> ends;
    std::size_t runs = 0;
    do {
        models::EvmBank bank(
            {.users = 2, .credit = 1, .surplus = 0, .transactions = 1, .depth = 2, .amount = 1, .fixed = true});
        EXPECT_EQ(walk(bank, every, 100), 0U);
        ends.insert(bank.fingerprint());
        ++runs;
    } while (every.next());
    EXPECT_GT(runs, ends.size());
    EXPECT_EQ(ends.size(), 7U);
}

// A failure needs a 3 somewhere, and behind it two answers that add up to at least 5.
bool fails(chain::Chooser& chooser) {
    bool has_three = false;
    std::uint32_t best = 0, last = 0;
    for (std::uint32_t i = 0, n = chooser.choose("length", 20); i < n; ++i) {
        const std::uint32_t answer = chooser.choose("number", 10);
        if (has_three) best = std::max(best, answer + last);
        last = has_three ? answer : 0;
        has_three |= answer == 3;
    }
    return best >= 5;
}

TEST(ShrinkingChooser, FindsASmallestFailureFromAnyOther) {
    std::size_t failures = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        chain::SeededChooser seeded(seed);
        chain::RecordingChooser recorded(seeded);
        if (!fails(recorded)) continue;
        ++failures;
        ShrinkingChooser shrinking(recorded.trace());
        while (shrinking.next()) shrinking.judge(fails(shrinking));
        chain::ScriptedChooser again(shrinking.best());
        EXPECT_TRUE(fails(again)) << "the smallest run fails as well";
        EXPECT_LE(shrinking.best().size(), 4U) << "a length, a three, and one or two numbers";
    }
    EXPECT_GT(failures, 50U);
}

TEST(ShrinkingChooser, KeepsWhatCannotBeMadeSmaller) {
    ShrinkingChooser shrinking({2, 1, 4});
    std::size_t tries = 0;
    while (shrinking.next()) {
        const Trace given{shrinking.choose("a", 10), shrinking.choose("b", 10), shrinking.choose("c", 10)};
        shrinking.judge(given == Trace{2, 1, 4});
        ++tries;
    }
    EXPECT_EQ(shrinking.best(), (Trace{2, 1, 4}));
    EXPECT_LT(tries, 20U);
}

TEST(ShrinkingChooser, ShortensARandomRobberyOfABank) {
    const models::EvmBank::Parameters vulnerable{.users = 2, .credit = 1, .surplus = 1, .transactions = 4};
    std::size_t robberies = 0, shortened = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        models::EvmBank bank(vulnerable);
        chain::SeededChooser seeded(seed);
        chain::RecordingChooser recorded(seeded);
        if (walk(bank, recorded, 200) == 0) continue;
        ++robberies;
        ShrinkingChooser shrinking(recorded.trace());
        while (shrinking.next()) {
            models::EvmBank again(vulnerable);
            shrinking.judge(walk(again, shrinking, 200) != 0);
        }
        EXPECT_LE(shrinking.best().size(), recorded.trace().size());
        shortened += shrinking.best().size() < recorded.trace().size();
        models::EvmBank last(vulnerable);
        chain::ScriptedChooser scripted(shrinking.best());
        EXPECT_NE(walk(last, scripted, 200), 0U);
    }
    EXPECT_GT(robberies, 3U);
    EXPECT_GT(shortened * 2, robberies);
}

}  // namespace
}  // namespace interlock::analyzer::engine
