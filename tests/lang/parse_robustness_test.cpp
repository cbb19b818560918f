// Hostile source: the parser answers every input with a tree and a few clear errors, soon, and without deep recursion.
#include <array>
#include <ctime>
#include <random>

#include <gtest/gtest.h>

#include "lang/syntax/parse.hpp"
#include "lang/syntax/print_tree.hpp"
#include "lang/syntax/token.hpp"
#include "tests/lang/fixtures.hpp"

namespace interlock::lang {
namespace {

struct Outcome {
    std::vector<std::string> codes;
    std::string text;  // errors as shown
    std::string tree;
};

Outcome outcome(std::string source) {
    Sources sources;
    Diagnostics diagnostics;
    const Tree tree = parse(sources.add("test.ilk", std::move(source)), diagnostics);
    Outcome result;
    for (const Diagnostic& each : diagnostics.all()) result.codes.push_back(each.code);
    result.text = render(diagnostics, sources, false);
    result.tree = print(tree);
    return result;
}

using Codes = std::vector<std::string>;

std::string repeat(std::string_view text, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += text;
    return result;
}

std::string in_function(const std::string& body) { return "contract C { function f() public { " + body + " } }"; }

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

class DeepNesting : public testing::TestWithParam<std::pair<const char*, const char*>> {};

// Ten thousand levels of one construct, closed and not.
TEST_P(DeepNesting, IsOneErrorInLittleTime) {
    const double begin = cpu_seconds();
    EXPECT_EQ(outcome(in_function(repeat(GetParam().first, 10'000) + "x" + repeat(GetParam().second, 10'000) + ";")).codes,
              Codes{"E105"});
    EXPECT_EQ(outcome(in_function(repeat(GetParam().first, 10'000))).codes, Codes{"E105"});
    EXPECT_LT(cpu_seconds() - begin, 1.0);
}
INSTANTIATE_TEST_SUITE_P(Of, DeepNesting,
                         testing::Values(std::pair{"(", ")"}, std::pair{"{", "}"}, std::pair{"!", ""}, std::pair{"- ", ""},
                                         std::pair{"delete ", ""}, std::pair{"[", "]"}, std::pair{"f(", ")"},
                                         std::pair{"a[", "]"}, std::pair{"f{a:", "}"}, std::pair{"mapping(uint => ", ") m"},
                                         std::pair{"if (x) ", ";"}, std::pair{"if (x) {} else ", ";"},
                                         std::pair{"while (x) ", ""}, std::pair{"do ", ""}, std::pair{"unchecked { ", "}"},
                                         std::pair{"x ? ", ": y"}, std::pair{"x = ", ""}, std::pair{"x ? y : ", ""},
                                         std::pair{"for (;;) ", ""}));

TEST(LongChains, AreReadToTheLimitAndThenOneError) {
    EXPECT_EQ(outcome(in_function("a" + repeat(".b", 900) + ";")).codes, Codes{});
    EXPECT_EQ(outcome(in_function("a" + repeat(".b", 100'000) + ";")).codes, Codes{"E105"});
    EXPECT_EQ(outcome(in_function("1" + repeat(" + 1", 100'000) + ";")).codes, Codes{"E105"});
    EXPECT_EQ(outcome(in_function("2" + repeat(" ** 2", 100'000) + ";")).codes, Codes{"E105"});
    EXPECT_EQ(outcome(in_function("f" + repeat("()", 100'000) + ";")).codes, Codes{"E105"});
    EXPECT_EQ(outcome(in_function("uint" + repeat("[]", 100'000) + " memory x;")).codes, Codes{"E105"});
}

TEST(LongChains, OfElseIfAreNoNesting) {
    const std::string link = "if (x) y; else ";
    EXPECT_EQ(outcome(in_function(repeat(link, 1000) + "if (x) y; else z;")).codes, Codes{});
    EXPECT_EQ(outcome(in_function(repeat(link, 1000) + "if (x) y; else if (z) y;")).codes, Codes{"E105"});
}

TEST(LongLists, AreFine) {
    EXPECT_EQ(outcome(in_function("f(1" + repeat(", 1", 50'000) + ");")).codes, Codes{});
    EXPECT_EQ(outcome(in_function(repeat("x;", 50'000))).codes, Codes{});
}

TEST(Parse, TakesAFileWithoutCode) {
    EXPECT_EQ(outcome("").codes, Codes{});
    EXPECT_EQ(outcome(" \n\t// nothing\n/* at all */").codes, Codes{});
}

TEST(Parse, SaysOnceThatAFileIsBinary) {
    std::mt19937_64 random(1);
    for (const std::size_t size : {64u, 1000u, 100'000u}) {
        std::string bytes(size, '\0');
        for (char& c : bytes) c = static_cast<char>(random());
        EXPECT_EQ(outcome(bytes).codes, Codes{"E003"});
    }
    EXPECT_EQ(outcome(std::string("contract C {}\0", 14)).codes, Codes{"E003"});
}

TEST(Parse, ShowsAnErrorInAMegabyteLineWithoutThatLine) {
    const Outcome result = outcome(in_function(repeat("total=1;", 62'500) + "y = ;" + repeat("total=1;", 62'500)));
    EXPECT_EQ(result.codes, Codes{"E102"});
    EXPECT_LT(result.text.size(), 1000u);
}

TEST(Parse, RefusesAFileThatIsTooLarge) {
    EXPECT_EQ(outcome(std::string(Sources::max_file_bytes + 1, ' ')).codes, Codes{"E001"});
    EXPECT_EQ(outcome(repeat(";", max_tokens + 1)).codes, Codes{"E001"});
}

TEST(Parse, StopsAfterTheLimitOfErrors) {
    const Outcome result = outcome(in_function(repeat("x = ;\n", 100'000)));
    EXPECT_EQ(result.codes.size(), Diagnostics::max_errors);
}

TEST(Parse, TakesEveryTruncationOfAFile) {
    const std::filesystem::path folder = std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/lang/fixtures";
    for (const char* name : {"trees/statements.ilk", "trees/specifications.ilk", "syntax/broken_heads.ilk"}) {
        const std::string whole = read_file(folder / name);
        ASSERT_FALSE(whole.empty());
        for (std::size_t size = 0; size < whole.size(); ++size) (void)outcome(whole.substr(0, size));
    }
}

TEST(Parse, TakesTokensInAnyOrder) {
    constexpr std::array words{
#define INTERLOCK_TOKEN(name, text) text,
        INTERLOCK_PUNCTUATION(INTERLOCK_TOKEN) INTERLOCK_KEYWORDS(INTERLOCK_TOKEN)
#undef INTERLOCK_TOKEN
            "a",
        "uint256",
        "1",
        "\"s\"",
        "hex\"00\"",
        "invariant",
        "requires",
        "ensures",
        "ghost",
        "old",
        "sum",
        "result",
        "forall",
        "error",
        "revert",
        "receive",
        "in",
        "_",
        "contract C {",
        "function f() public {",
        "x = 1;",
        "}",
        "(",
        ")"};
    std::mt19937_64 random(2);
    for (int round = 0; round < 3000; ++round) {
        std::string source = round % 2 == 0 ? "contract C { function f() public { " : "";
        for (std::size_t length = random() % 60; length > 0; --length)
            source.append(words[random() % words.size()]).append(random() % 8 == 0 ? "\n" : " ");
        const Outcome result = outcome(source);
        const bool has_words = source.find_first_not_of(" \n") != std::string::npos;
        EXPECT_EQ(result.codes.empty() && result.tree.empty(), !has_words) << source;
    }
}

TEST(Parse, ReadsMoreThanAMegabyteASecond) {
    const std::string one =
        read_file(std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/lang/fixtures/trees/statements.ilk");
    const std::string source = repeat(one, 1'000'000 / one.size());
    const double begin = cpu_seconds();
    Sources sources;
    Diagnostics diagnostics;
    (void)parse(sources.add("large.ilk", source), diagnostics);
    EXPECT_FALSE(diagnostics.has_errors());
    const double seconds = cpu_seconds() - begin;
    RecordProperty("megabytes_per_second", std::to_string(1e-6 * static_cast<double>(source.size()) / seconds));
    EXPECT_LT(seconds, 5.0);  // generous: also true without optimisation and under sanitizers
}

}  // namespace
}  // namespace interlock::lang
