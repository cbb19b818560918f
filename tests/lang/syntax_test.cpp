// The front end on text fixtures: fixtures/syntax gives diagnostics, fixtures/trees syntax trees.
#include <algorithm>
#include <set>

#include "lang/diagnostics/codes.hpp"
#include "lang/syntax/parse.hpp"
#include "lang/syntax/print_tree.hpp"
#include "tests/lang/fixtures.hpp"

namespace interlock::lang {
namespace {

class SyntaxErrors : public testing::TestWithParam<std::filesystem::path> {};
class SyntaxTrees : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(SyntaxErrors, AreReportedAsWritten) {
    Sources sources;
    Diagnostics diagnostics;
    (void)parse(sources.add(GetParam().filename().string(), read_file(GetParam())), diagnostics);
    diagnostics.sort_by_place();
    expect_fixture(GetParam(), render(diagnostics, sources, false));
}
INSTANTIATE_TEST_SUITE_P(Fixture, SyntaxErrors, testing::ValuesIn(fixtures("syntax")), fixture_name);

TEST_P(SyntaxTrees, AreBuiltAsWritten) {
    Sources sources;
    Diagnostics diagnostics;
    const Tree tree = parse(sources.add(GetParam().filename().string(), read_file(GetParam())), diagnostics);
    EXPECT_EQ(render(diagnostics, sources, false), "");
    expect_fixture(GetParam(), print(tree));
}
INSTANTIATE_TEST_SUITE_P(Fixture, SyntaxTrees, testing::ValuesIn(fixtures("trees")), fixture_name);

// Codes of the front end: what the lexer and the grammar report.
bool is_of_the_front_end(std::string_view code) {
    if (code == code::file_too_large.id) return false;      // no fixture of so many bytes: see parse_robustness_test.cpp
    if (code == code::nothing_to_compile.id) return false;  // see compile_test.cpp
    if (code == code::import_not_found.id || code == code::too_many_files.id) return false;  // see import_test.cpp
    return code.starts_with("E0") || code.starts_with("E1") || code == code::misplaced_annotation.id ||
           code == code::unknown_annotation.id;
}

TEST(SyntaxErrors, HaveAFixtureForEveryCode) {
    std::string all;
    for (const auto& path : fixtures("syntax")) all += read_file(std::filesystem::path(path).replace_extension(".expected"));
    for (const Code& code : all_codes) {
        if (!is_of_the_front_end(code.id)) continue;
        EXPECT_NE(all.find("[" + std::string(code.id) + "]"), std::string::npos) << code.id << ": " << code.title;
    }
}

TEST(Parse, ReadsEveryTeachingContract) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::filesystem::path(INTERLOCK_SOURCE_DIR) / "contracts")) {
        if (entry.path().extension() != ".ilk") continue;
        Sources sources;
        Diagnostics diagnostics;
        const Tree tree = parse(sources.add(entry.path().filename().string(), read_file(entry.path())), diagnostics);
        EXPECT_EQ(render(diagnostics, sources, false), "");
        EXPECT_FALSE(tree.top_contracts.empty());
    }
}

}  // namespace
}  // namespace interlock::lang
