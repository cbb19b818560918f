// The checker on text fixtures: fixtures/types gives diagnostics, fixtures/programs gives none.
#include <algorithm>

#include "lang/diagnostics/codes.hpp"
#include "tests/lang/checked.hpp"
#include "tests/lang/fixtures.hpp"

namespace interlock::lang {
namespace {

class TypeErrors : public testing::TestWithParam<std::filesystem::path> {};
class Programs : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(TypeErrors, AreReportedAsWritten) {
    const Checked checked(read_file(GetParam()), GetParam().filename().string());
    expect_fixture(GetParam(), checked.rendered());
}
INSTANTIATE_TEST_SUITE_P(Fixture, TypeErrors, testing::ValuesIn(fixtures("types")), fixture_name);

TEST_P(Programs, AreAccepted) {
    const Checked checked(read_file(GetParam()), GetParam().filename().string());
    EXPECT_EQ(checked.rendered(), "");
}
INSTANTIATE_TEST_SUITE_P(Fixture, Programs, testing::ValuesIn(fixtures("programs")), fixture_name);

TEST(Check, AcceptsEveryTeachingContract) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::filesystem::path(INTERLOCK_SOURCE_DIR) / "contracts")) {
        if (entry.path().extension() != ".ilk") continue;
        const Checked checked(read_file(entry.path()), entry.path().filename().string());
        EXPECT_EQ(checked.rendered(), "");
    }
}

// Codes of the checker: names, types, declarations, specifications.
bool is_of_the_checker(std::string_view code) {
    if (code == code::misplaced_annotation.id || code == code::unknown_annotation.id) return false;  // the parser's
    if (code == code::older_version.id) return false;                                                // of whoever calls it
    return (code >= "E2" && code < "E6") || code.starts_with("W");
}

TEST(TypeErrors, HaveAFixtureForEveryCode) {
    std::string all;
    for (const auto& path : fixtures("types")) all += read_file(std::filesystem::path(path).replace_extension(".expected"));
    for (const Code& code : all_codes) {
        if (!is_of_the_checker(code.id)) continue;
        EXPECT_NE(all.find("[" + std::string(code.id) + "]"), std::string::npos) << code.id << ": " << code.title;
    }
}

TEST(Check, GoesOnAfterBrokenSyntaxWithoutCascades) {
    const Checked checked("contract C { uint256 x = ; function f() public { x = ; x = true; } function g( { } }");
    const std::string text = checked.rendered();
    EXPECT_NE(text.find("cannot convert `bool` to `uint256`"), std::string::npos) << text;
    EXPECT_EQ(text.find("is not declared"), std::string::npos) << text;
}

TEST(Check, FindsFiveIndependentMistakesInOneRun) {
    const Checked checked(
        "contract C { uint8 a = 256; Missing b; function f() external pure returns (uint256) { return a; }"
        " function g() external { undefined_name = 1; bool c = 1; } }");
    EXPECT_EQ(std::ranges::count(checked.diagnostics.all(), Severity::Error, &Diagnostic::severity), 5);
}

}  // namespace
}  // namespace interlock::lang
