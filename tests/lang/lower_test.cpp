// Lowering: each program of fixtures/ir beside its IR as text. With INTERLOCK_UPDATE set the texts are written anew.
#include "lang/lower/lower.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/diagnostics/source.hpp"
#include "lang/syntax/parse.hpp"
#include "tests/expectation.hpp"

namespace interlock::lang {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const fs::path fixtures = fs::path(INTERLOCK_SOURCE_DIR) / "tests/lang/fixtures/ir";

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

struct Lowered {
    Sources sources;
    Diagnostics diagnostics;
    std::vector<std::shared_ptr<const ir::Contract>> contracts;

    explicit Lowered(std::string text) {
        const Tree tree = parse(sources.add("test.ilk", std::move(text)), diagnostics);
        const Program program = check(tree, sources, diagnostics);
        if (!diagnostics.has_errors()) contracts = lower(program, diagnostics);
    }
    std::string printed() const {
        std::string text;
        for (const auto& contract : contracts) text += (text.empty() ? "" : "\n") + ir::print(*contract);
        return text;
    }
    std::string errors() const { return render(diagnostics, sources, false); }
};

std::vector<std::string> programs() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(fixtures)) {
        if (entry.path().extension() == ".ilk") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

class LowerFixture : public testing::TestWithParam<std::string> {};

TEST_P(LowerFixture, GivesTheIrBesideIt) {
    const Lowered lowered(read(fixtures / (GetParam() + ".ilk")));
    ASSERT_FALSE(lowered.diagnostics.has_errors()) << lowered.errors();
    expect_file(fixtures / (GetParam() + ".ir"), lowered.printed());
}

TEST_P(LowerFixture, ObeysTheRulesOfTheIr) {
    const Lowered lowered(read(fixtures / (GetParam() + ".ilk")));
    for (const auto& contract : lowered.contracts) EXPECT_THAT(ir::verify(*contract), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Programs, LowerFixture, testing::ValuesIn(programs()), [](const auto& each) { return each.param; });

std::string in_function(const std::string& body) {
    return "contract C { struct S { uint256 x; } mapping(uint256 => S) m; uint256 a; bytes b; function f(uint256 n) "
           "external { " +
           body + " } }";
}

TEST(Lower, HoldsASlotWhereAStorageReferenceIsAssignedAgain) {
    const Lowered lowered(in_function("S storage s = m[1]; s = m[n]; s.x = 2;"));
    EXPECT_THAT(lowered.printed(), HasSubstr("slotof m[%"));
    EXPECT_THAT(lowered.printed(), HasSubstr("evm SSTORE"));
}

TEST(Lower, KeepsAReferencesKeyAsItWasWhenItWasTaken) {
    const Lowered lowered(in_function("S storage s = m[n]; n = 7; s.x = 2;"));
    EXPECT_THAT(lowered.printed(), HasSubstr("store m[%0].x <- %1"));
}

TEST(Lower, DropsWhatFollowsAReturn) {
    const Lowered lowered(in_function("a = 1; return; a = 2;"));
    EXPECT_THAT(lowered.printed(), Not(HasSubstr("constant 2")));
}

TEST(Lower, DropsValuesThatNothingUses) {
    const Lowered lowered(in_function("uint256 unused = a; a = 3;"));
    EXPECT_THAT(lowered.printed(), Not(HasSubstr("load a")));
}

TEST(Lower, GuardsAConjunctionPartByPart) {
    const Lowered lowered(in_function("require(n > 0 && a / n > 1);"));
    EXPECT_THAT(lowered.printed(), Not(HasSubstr("branch")));
}

TEST(Lower, BranchesWhereTheRightSideCanRevert) {
    const Lowered lowered(in_function("if (n > 0 && a / n > 1) a = 1;"));
    EXPECT_THAT(lowered.printed(), HasSubstr("branch"));
}

TEST(Lower, MarksTheHeadOfALoopThatCanRepeat) {
    const Lowered lowered(in_function("while (n > 0) { n -= 1; a += n; }"));
    EXPECT_THAT(lowered.printed(), HasSubstr("): loop"));
}

TEST(Lower, DoesNotMarkALoopThatNeverRepeats) {
    const Lowered lowered(in_function("while (n > 0) { a = n; break; }"));
    EXPECT_THAT(lowered.printed(), Not(HasSubstr("): loop")));
}

TEST(Lower, EvaluatesTheRightSideOfAnAssignmentFirst) {
    const Lowered lowered(in_function("m[a].x = (a = n);"));
    EXPECT_THAT(lowered.printed(), HasSubstr("store a <- %0 : uint256\n    %1 = load a"));
}

TEST(Lower, AssignsTuplesFromTheLastComponent) {
    const Lowered lowered(in_function("(a, a) = (1, n);"));
    EXPECT_THAT(lowered.printed(), HasSubstr("store a <- %0 : uint256\n    store a <- %1"));
}

// Three levels of ten placeholders each would be a thousand bodies.
TEST(Lower, RefusesAFunctionThatGrowsBeyondTheLimit) {
    std::string text = "contract C { uint256 a; modifier m() { ";
    for (int i = 0; i < 20; ++i) text += "_; ";
    const Lowered lowered(text + "} function f() external m m m m { if (a > 1) a += 1; } }");
    EXPECT_THAT(lowered.errors(), HasSubstr("error[E940]"));
}

TEST(Lower, ReadsAVariableThroughThousandsOfBranches) {
    std::string body;
    for (int i = 0; i < 2000; ++i) body += "if (a == " + std::to_string(i) + ") n += 1;\n";
    const Lowered lowered(in_function(body + "a = n;"));
    ASSERT_FALSE(lowered.diagnostics.has_errors()) << lowered.errors();
    EXPECT_THAT(ir::verify(*lowered.contracts.front()), IsEmpty());
}

}  // namespace
}  // namespace interlock::lang
