// The lessons of contracts/lessons: each is attacked, and its mended twin is not.
#include <algorithm>
#include <filesystem>

#include "analyzer/check.hpp"
#include "tests/sanitized.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

constexpr std::string_view fixed_suffix = "_fixed";

// Returns the names of the lessons, without those of their twins.
std::vector<std::string> lessons() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(INTERLOCK_SOURCE_DIR "/contracts/lessons")) {
        const std::string name = entry.path().stem().string();
        if (!name.ends_with(fixed_suffix)) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

Report checked(const std::string& name, double seconds, unsigned threads = 1) {
    CheckOptions options;
    options.bounds.threads = threads;
    options.timeout_seconds = seconds;
    const std::string path = "contracts/lessons/" + name + ".ilk";
    return check(compiled(path, contents(path)), options);
}

class Lesson : public ::testing::TestWithParam<std::string> {};

TEST_P(Lesson, IsAttacked) {
    const Report report = checked(GetParam(), 240);  // with sanitizers everything takes ten times as long
    ASSERT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
    for (const Trace& trace : report.attacks) EXPECT_TRUE(replay(to_json(trace)).repeats);
}

TEST_P(Lesson, IsMended) {
    const Report report = checked(GetParam() + std::string(fixed_suffix), 3);
    EXPECT_FALSE(report.has_exploit());
    EXPECT_EQ(report.contradiction, "");
}

TEST_P(Lesson, IsAttackedByTwoThreads) {
#ifdef INTERLOCK_IS_SLOW
    const std::vector<std::string> all = lessons();
    if (std::distance(all.begin(), std::ranges::find(all, GetParam())) % 4 != 0)
        GTEST_SKIP() << "one lesson of four under the sanitizers, for time";
#endif
    const Report report = checked(GetParam(), 240, 2);  // found soon, however much time there is
    ASSERT_TRUE(report.has_exploit());
    EXPECT_EQ(report.stats.unconfirmed, 0u) << report.unconfirmed;
    for (const Trace& trace : report.attacks) EXPECT_TRUE(replay(to_json(trace)).repeats);
}

// Nothing is stated in these: that nobody gains by calling back is proved of the mended ones.
TEST(Lessons, CommonContractsAreProvedOnceTheyAreMended) {
    for (const char* name : {"auction", "crowdfunding", "escrow", "shares", "staking", "token", "vesting", "voting"}) {
        const Report report = checked(std::string(name) + std::string(fixed_suffix), 3);
        ASSERT_FALSE(report.verdicts.empty()) << name;
        for (const PropertyVerdict& each : report.verdicts) EXPECT_EQ(each.verdict, Verdict::Safe) << name;
    }
}

INSTANTIATE_TEST_SUITE_P(All, Lesson, ::testing::ValuesIn(lessons()), [](const auto& lesson) { return lesson.param; });

}  // namespace
}  // namespace interlock::analyzer::tests
