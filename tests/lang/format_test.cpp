// The formatter on text fixtures, and what it promises of every file.
#include <gmock/gmock.h>

#include "lang/output/format.hpp"
#include "lang/syntax/parse.hpp"
#include "tests/lang/fixtures.hpp"

namespace interlock::lang {
namespace {

using testing::HasSubstr;

struct Outcome {
    std::string text;  // empty: none came out
    std::string errors;
};

Outcome formatted(const std::string& text, const FormatOptions& options = {}, const std::string& path = "a.ilk") {
    Sources sources;
    Diagnostics diagnostics;
    const std::optional<std::string> result = format(sources.add(path, text), diagnostics, options);
    return {result.value_or(""), render(diagnostics, sources, false)};
}

class Format : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Format, LaysOutAsWritten) {
    const Outcome outcome = formatted(read_file(GetParam()));
    EXPECT_EQ(outcome.errors, "");
    expect_fixture(GetParam(), outcome.text);
}

TEST_P(Format, LeavesAloneWhatItHasLaidOut) {
    const std::string once = formatted(read_file(GetParam())).text;
    EXPECT_EQ(formatted(once).text, once);
}
INSTANTIATE_TEST_SUITE_P(Fixture, Format, testing::ValuesIn(fixtures("format")), fixture_name);

std::vector<std::filesystem::path> readable_files() {
    std::vector<std::filesystem::path> files;
    const std::filesystem::path root = INTERLOCK_SOURCE_DIR;
    for (const char* folder : {"contracts", "tests/lang/fixtures"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
            if (entry.path().extension() != ".ilk") continue;
            Sources sources;
            Diagnostics diagnostics;
            (void)parse(sources.add("a.ilk", read_file(entry.path())), diagnostics);
            if (!diagnostics.has_errors()) files.push_back(entry.path());
        }
    return files;
}

TEST(FormatOfEveryFile, SaysTheSameAndIsStable) {
    const auto files = readable_files();
    EXPECT_GT(files.size(), 40u);
    for (const auto& path : files) {
        const Outcome once = formatted(read_file(path));
        EXPECT_EQ(once.errors, "") << path;
        EXPECT_EQ(formatted(once.text).text, once.text) << path;
    }
}

// Narrow: everything that can break, breaks.
TEST(FormatOfEveryFile, IsStableInFewColumnsToo) {
    const FormatOptions narrow{.width = 20};
    for (const auto& path : readable_files()) {
        const Outcome once = formatted(read_file(path), narrow);
        EXPECT_EQ(once.errors, "") << path;
        EXPECT_EQ(formatted(once.text, narrow).text, once.text) << path;
    }
}

TEST(FormatOfEveryFile, LeavesNoSpecificationOutsideOfCommentsWhenStripped) {
    for (const auto& path : readable_files()) {
        const Outcome stripped = formatted(read_file(path), {.strip = true});
        ASSERT_EQ(stripped.errors, "") << path;
        Sources sources;
        Diagnostics diagnostics;
        const Tree tree = parse(sources.add("a.ilk", stripped.text + "\npragma any;"), diagnostics);
        EXPECT_EQ(render(diagnostics, sources, false), "") << path;
        EXPECT_TRUE(tree.top_scenarios.empty()) << path;
        const auto is_comment = [&](SourceRange range) { return sources.text(range).find_first_of("#@") == 0; };
        for (const Contract& contract : tree.contracts) {
            EXPECT_TRUE(contract.actors.empty()) << path;
            for (const Invariant& invariant : contract.invariants) EXPECT_TRUE(is_comment(invariant.range)) << path;
        }
        for (const Stmt& stmt : tree.stmts) {
            const bool is_clause = stmt.kind == StmtKind::Assume || stmt.kind == StmtKind::Check;
            EXPECT_TRUE(!is_clause || is_comment(stmt.range)) << path;
        }
    }
}

TEST(Format, LeavesAFileWithErrorsAlone) {
    const Outcome outcome = formatted("contract A { uint256 x = ; }");
    EXPECT_EQ(outcome.text, "");
    EXPECT_THAT(outcome.errors, HasSubstr("error[E102]"));
}

TEST(Format, BreaksNoLineThatFits) {
    const std::string text = "contract A {\n    uint256 x = " + std::string(98, '1') + ";\n}\n";
    EXPECT_EQ(formatted(text).text, text);
}

TEST(Format, KeepsCommentsWhereTheyAre) {
    const std::string text =
        "// first\n\n/* block\n   of text */\ncontract A { // behind the brace\n    // alone\n    uint256 x; // "
        "behind\n\n"
        "    /**\n     * Documented.\n     */\n    function f(uint256 /* unused */) external {\n        // only this\n "
        "   }\n"
        "    // last\n}\n// end\n";
    const Outcome outcome = formatted(text);
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.text, text);
}

TEST(Format, StripsSpecificationsToPlainSolidity) {
    const Outcome outcome = formatted(
        "contract A {\n    // about the books\n    invariant total >= 0;\n    uint256 total;\n    ghost uint256 g;\n"
        "    /// @notice adds\n    /// #if_succeeds total > 0;\n    function f(uint256 x) external requires x > 0 {\n"
        "        assume x < 5;\n        while (x > 0) invariant x >= 0 { x--; }\n        if (x > 3) check x > 2;\n    "
        "}\n}\n"
        "scenario s { check true; }\n",
        {.strip = true});
    EXPECT_EQ(outcome.errors, "");
    EXPECT_EQ(outcome.text,
              "contract A {\n    uint256 total;\n    /// @notice adds\n    /// #if_succeeds total > 0;\n"
              "    function f(uint256 x) external {\n        while (x > 0) {\n            x--;\n        }\n"
              "        if (x > 3) {}\n    }\n}\n");
}

}  // namespace
}  // namespace interlock::lang
