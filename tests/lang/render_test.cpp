// Diagnostics as text: the shape, and what hostile source lines do to it.
#include <gtest/gtest.h>

#include "lang/diagnostics/diagnostic.hpp"

namespace interlock::lang {
namespace {

// The range of the n-th occurrence of `word` in the file.
SourceRange find(const SourceFile& file, std::string_view word, std::size_t occurrence = 0) {
    std::size_t at = file.text.find(word);
    for (; occurrence > 0; --occurrence) at = file.text.find(word, at + 1);
    EXPECT_NE(at, std::string::npos) << word;
    const auto begin = file.start + static_cast<std::uint32_t>(at);
    return {begin, begin + static_cast<std::uint32_t>(word.size())};
}

Diagnostic simple(SourceRange where, std::string label = {}) {
    Diagnostics diagnostics;
    return diagnostics.error("E301", "wrong", where, std::move(label));
}

TEST(Render, ShowsSecondaryLabelsOfTheSameLineHangingBelow) {
    Sources sources;
    const auto& file = sources.add("bank.ilk", "\n\n    uint256 total = \"many\";\n");
    Diagnostic d = simple(find(file, "\"many\""), "this is a `string`");
    d.message = "cannot convert `string` to `uint256`";
    d.secondary.push_back({find(file, "uint256"), "because of this type"});
    d.helps.push_back("write a number");
    EXPECT_EQ(render(d, sources, false),
              "error[E301]: cannot convert `string` to `uint256`\n"
              " --> bank.ilk:3:21\n"
              "  |\n"
              "3 |     uint256 total = \"many\";\n"
              "  |     -------         ^^^^^^ this is a `string`\n"
              "  |     |\n"
              "  |     because of this type\n"
              "  = help: write a number\n");
}

TEST(Render, JoinsNearLinesAndElidesFarOnes) {
    Sources sources;
    const auto& file = sources.add("a.ilk", "one\ntwo\nthree\n4\n5\n6\n7\n8\n9\nten\n");
    Diagnostic d = simple(find(file, "three"), "here");
    d.secondary.push_back({find(file, "one"), "first"});
    d.secondary.push_back({find(file, "ten"), "later"});
    EXPECT_EQ(render(d, sources, false),
              "error[E301]: wrong\n"
              "  --> a.ilk:3:1\n"
              "   |\n"
              " 1 | one\n"
              "   | --- first\n"
              " 2 | two\n"
              " 3 | three\n"
              "   | ^^^^^ here\n"
              "...\n"
              "10 | ten\n"
              "   | --- later\n");
}

TEST(Render, UnderlinesBothEndsOfALabelOverSeveralLines) {
    Sources sources;
    const auto& file = sources.add("a.ilk", "x {\n  y\n  }\n");
    EXPECT_EQ(render(simple(find(file, "{\n  y\n  }"), "this block"), sources, false),
              "error[E301]: wrong\n"
              " --> a.ilk:1:3\n"
              "  |\n"
              "1 | x {\n"
              "  |   ^\n"
              "2 |   y\n"
              "3 |   }\n"
              "  |   ^ this block\n");
}

TEST(Render, NamesTheOtherFileOfASecondaryLabel) {
    Sources sources;
    const auto& a = sources.add("a.ilk", "here");
    const auto& b = sources.add("b.ilk", "\nthere");
    Diagnostic d = simple(find(a, "here"));
    d.secondary.push_back({find(b, "there"), "declared here"});
    EXPECT_EQ(render(d, sources, false),
              "error[E301]: wrong\n"
              " --> a.ilk:1:1\n"
              "  |\n"
              "1 | here\n"
              "  | ^^^^\n"
              " ::: b.ilk:2:1\n"
              "  |\n"
              "2 | there\n"
              "  | ----- declared here\n");
}

TEST(Render, PlacesCaretsBehindTabsAndNonAsciiText) {
    Sources sources;
    const auto& file = sources.add("a.ilk", "\t\"gr\xC3\xBC\xE6\x96\x87\" bad\r\n");
    EXPECT_EQ(render(simple(find(file, "bad")), sources, false),
              "error[E301]: wrong\n"
              " --> a.ilk:1:12\n"
              "  |\n"
              "1 |     \"gr\xC3\xBC\xE6\x96\x87\" bad\n"
              "  |             ^^^\n");
}

TEST(Render, HidesControlAndDirectionCharacters) {
    Sources sources;
    const auto& file = sources.add("a.ilk", "a\x1b[31m\xE2\x80\xAE\xFFz");
    EXPECT_EQ(render(simple(find(file, "z")), sources, false),
              "error[E301]: wrong\n"
              " --> a.ilk:1:11\n"
              "  |\n"
              "1 | a\xEF\xBF\xBD[31m\xEF\xBF\xBD\xEF\xBF\xBDz\n"
              "  |         ^\n");
}

TEST(Render, CutsAMegabyteLineAroundTheCaret) {
    Sources sources;
    const auto& file = sources.add("a.ilk", std::string(500'000, 'x') + "!" + std::string(500'000, 'y'));
    EXPECT_EQ(render(simple(find(file, "!"), "stray"), sources, false),
              "error[E301]: wrong\n"
              " --> a.ilk:1:500001\n"
              "  |\n"
              "1 | \xE2\x80\xA6" +
                  std::string(40, 'x') + "!" + std::string(59, 'y') +
                  "\xE2\x80\xA6\n"
                  "  | " +
                  std::string(41, ' ') + "^ stray\n");
}

// Bytes that only ever continue a character: none of them tells where one begins.
TEST(Render, CutsALongLineOfBrokenCharacters) {
    Sources sources;
    const auto& file = sources.add("a.ilk", std::string(250, '\x80') + "here" + std::string(250, '\x80') + "\n");
    const std::string shown = render(simple(find(file, "here")), sources, false);
    EXPECT_NE(shown.find("here"), std::string::npos);
    EXPECT_LT(shown.size(), 600u);
    const auto& only_broken = sources.add("b.ilk", std::string(400, '\xBF'));
    for (std::uint32_t at = 0; at < 400; ++at)
        EXPECT_LT(render(simple({only_broken.start + at, only_broken.start + at + 1}), sources, false).size(), 700u);
}

TEST(Render, PointsBehindTheLastByteAtTheEndOfTheFile) {
    Sources sources;
    const auto& file = sources.add("a.ilk", "contract C {");
    const auto end = file.start + static_cast<std::uint32_t>(file.text.size());
    EXPECT_EQ(render(simple({end, end}, "expected `}`"), sources, false),
              "error[E301]: wrong\n"
              " --> a.ilk:1:13\n"
              "  |\n"
              "1 | contract C {\n"
              "  |             ^ expected `}`\n");
}

TEST(Render, ColoursOnlyWhenAsked) {
    Sources sources;
    const auto& file = sources.add("a.ilk", "bad");
    EXPECT_EQ(render(simple(find(file, "bad")), sources, false).find('\x1b'), std::string::npos);
    EXPECT_NE(render(simple(find(file, "bad")), sources, true).find("\x1b[1;31merror[E301]\x1b[0m"), std::string::npos);
}

TEST(Render, EndsWithTheNumberOfErrors) {
    Sources sources;
    const auto& file = sources.add("a.ilk", "bad");
    Diagnostics diagnostics;
    for (int i = 0; i < 70; ++i) diagnostics.error("E301", "wrong", find(file, "bad"));
    EXPECT_EQ(diagnostics.all().size(), Diagnostics::max_errors);
    EXPECT_TRUE(render(diagnostics, sources, false)
                    .ends_with("error: could not compile `a.ilk`: 70 errors, of which the first 64 are shown\n"));
}

TEST(Sources, TellsFileLineAndColumnOfAPlace) {
    Sources sources;
    sources.add("a.ilk", "x");
    const auto& b = sources.add("b.ilk", "one\r\ntwo");
    const SourceRange two = find(b, "two");
    EXPECT_EQ(&sources.file_of(two), &b);
    EXPECT_EQ(sources.position(two.begin).line, 2u);
    EXPECT_EQ(sources.position(two.begin + 2).column, 3u);
    EXPECT_EQ(sources.text(two), "two");
    EXPECT_EQ(sources.line(b, 1), "one");
}

}  // namespace
}  // namespace interlock::lang
