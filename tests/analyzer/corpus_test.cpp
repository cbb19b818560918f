// The teaching contracts' verdicts, and that the labelled corpus, where it is present, is never judged wrongly.
#include <filesystem>
#include <iostream>
#include <map>

#include "analyzer/check.hpp"
#include "world_fixture.hpp"

namespace interlock::analyzer::tests {
namespace {

TEST(TeachingContracts, GetTheVerdictThatTheirLessonSays) {
    const std::map<std::string, Verdict> expected{
        {"bank", Verdict::Exploit},    {"bank_fixed", Verdict::Safe}, {"bank_checked", Verdict::Unknown},
        {"bank_mutex", Verdict::Safe}, {"accounting", Verdict::Safe}, {"dao", Verdict::Exploit},
        {"dao_fixed", Verdict::Safe},
    };
    CheckOptions options;
    options.bounds.states = 30'000;
    for (const auto& [name, verdict] : expected) {
        const Report report = check(shipped(name + ".ilk"), options);
        ASSERT_FALSE(report.verdicts.empty());
        for (const PropertyVerdict& each : report.verdicts) {
            if (each.which.kind == PropertyKind::Views) continue;
            EXPECT_EQ(each.verdict, verdict) << name << "." << each.property;
        }
        EXPECT_TRUE(report.contradiction.empty()) << report.contradiction;
    }
}

// Labels: `vulnerable` or `safe`, in INDEX.tsv. What does not compile yet is counted, never judged.
TEST(LabelledCorpus, IsNeverJudgedWrongly) {
    const std::filesystem::path folder = std::filesystem::path(INTERLOCK_SOURCE_DIR) / ".." / "shared" / "corpus";
    if (!std::filesystem::exists(folder / "INDEX.tsv")) GTEST_SKIP() << folder << " is not present";
    std::ifstream index(folder / "INDEX.tsv");
    std::string line;
    std::getline(index, line);
    int compiled_count = 0, found = 0, missed = 0, unsupported = 0;
    while (std::getline(index, line)) {
        std::stringstream fields(line);
        std::string name, label;
        std::getline(fields, name, '\t');
        std::getline(fields, label, '\t');
        std::ifstream file(folder / (name + ".sol"));
        std::stringstream text;
        text << file.rdbuf();
        auto compilation = std::make_shared<lang::Compilation>(lang::compile(name + ".sol", text.str()));
        if (!compilation->ok()) {
            ++unsupported;
            continue;
        }
        ++compiled_count;
        CheckOptions options;
        options.bounds.states = 20'000;
        const Report report = check(compilation, options);
        if (label == "safe") EXPECT_FALSE(report.has_exploit()) << "false alarm on " << name;
        else EXPECT_FALSE(report.all_safe() && !report.verdicts.empty()) << name << " is called safe";
        if (label == "vulnerable") ++(report.has_exploit() ? found : missed);
    }
    std::cout << "labelled corpus: " << compiled_count << " compiled (" << found << " vulnerable ones found, " << missed
              << " missed), " << unsupported << " use constructs that are not supported yet\n";
}

}  // namespace
}  // namespace interlock::analyzer::tests
