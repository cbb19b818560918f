// The compiler as one call.
#include "lang/compile.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "lang/output/abi_json.hpp"

namespace interlock::lang {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

namespace fs = std::filesystem;

std::string errors(const Compilation& compilation) { return render(compilation.diagnostics, *compilation.sources, false); }

TEST(Compile, EveryContractOfTheRepositoryCompiles) {
    for (const auto& entry : fs::directory_iterator(fs::path(INTERLOCK_SOURCE_DIR) / "contracts")) {
        if (entry.path().extension() != ".ilk") continue;
        std::ifstream file(entry.path(), std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        const Compilation compilation = compile(entry.path().filename().string(), text.str());
        EXPECT_TRUE(compilation.ok() && compilation.main() != nullptr) << errors(compilation);
    }
}

TEST(Compile, TheAbiNamesExternalFunctionsAsSolcDoes) {
    const Compilation compilation =
        compile("a.ilk",
                "contract C {\n"
                "    function f(function (uint256) external g, function () external[2] memory h) external {}\n"
                "}\n");
    ASSERT_TRUE(compilation.ok()) << errors(compilation);
    EXPECT_THAT(abi::to_json(*compilation.main()->ir), HasSubstr("{\"name\":\"g\",\"type\":\"function\"}"));
    EXPECT_THAT(abi::to_json(*compilation.main()->ir), HasSubstr("{\"name\":\"h\",\"type\":\"function[2]\"}"));
}

TEST(Compile, GivesArtifactsInSourceOrderWithoutInterfaces) {
    const Compilation compilation = compile("a.ilk",
                                            "interface I { function f() external; }\n"
                                            "contract A { function make() external { new B(); } }\n"
                                            "contract B { uint256 x; function f() external { x = 1; } }\n");
    ASSERT_THAT(compilation.artifacts, SizeIs(2)) << errors(compilation);
    EXPECT_EQ(compilation.artifacts[0].name, "A");
    EXPECT_EQ(compilation.main()->name, "B");
}

TEST(Compile, FindsAContractByItsName) {
    const Compilation compilation = compile("a.ilk", "contract A { uint256 x; } contract B { uint256 x; }");
    ASSERT_TRUE(compilation.ok()) << errors(compilation);
    EXPECT_EQ(compilation.find("A"), &compilation.artifacts[0]);
    EXPECT_EQ(compilation.find("C"), nullptr);
}

TEST(Compile, PutsTheCreatedContractsCodeIntoItsCreator) {
    const Compilation compilation = compile("a.ilk",
                                            "contract A { function make() external { new B(); } }\n"
                                            "contract B { uint256 public x; }\n");
    ASSERT_TRUE(compilation.ok()) << errors(compilation);
    const vm::Bytes& outer = compilation.find("A")->runtime_code;
    const vm::Bytes& inner = compilation.find("B")->creation_code;
    EXPECT_NE(std::search(outer.begin(), outer.end(), inner.begin(), inner.end()), outer.end());
}

TEST(Compile, RefusesContractsThatCreateEachOther) {
    const Compilation compilation = compile("a.ilk",
                                            "contract A { function make() external { new B(); } }\n"
                                            "contract B { function make() external { new A(); } }\n");
    EXPECT_FALSE(compilation.diagnostics.all().empty());
    EXPECT_THAT(compilation.artifacts, SizeIs(0));
}

TEST(Compile, FindsMistakesOfEveryKindInOneRun) {
    const Compilation compilation = compile("a.ilk",
                                            "contract A {\n"
                                            "    uint256 x = \"many\";\n"
                                            "    function f() external { x = y; }\n"
                                            "    function g() external { x = ; }\n"
                                            "    function h() external { x.z = 1; }\n"
                                            "    function f() external { }\n"
                                            "}\n");
    EXPECT_THAT(errors(compilation), HasSubstr("5 errors"));
}

TEST(Compile, WarnsOnceOfAnEmptyFile) {
    for (const char* text : {"", " \n\t// nothing\n/* at all */"}) {
        const Compilation made = compile("a.ilk", text);
        EXPECT_TRUE(made.ok());
        ASSERT_EQ(made.diagnostics.all().size(), 1u);
        EXPECT_EQ(made.diagnostics.all().front().code, "E002");
    }
    EXPECT_THAT(errors(compile("a.ilk", "")), HasSubstr("warning[E002]: there is nothing to compile in this file"));
}

TEST(Compile, ReportsOneErrorForBinaryRubbish) {
    std::string rubbish;
    for (unsigned i = 0; i < 5000; ++i) rubbish += static_cast<char>((i * 2654435761u) >> 13);
    EXPECT_THAT(errors(compile("a.ilk", rubbish)), HasSubstr("could not compile `a.ilk`: 1 error\n"));
}

TEST(Compile, ReportsOneErrorForTenThousandNestedParentheses) {
    const std::string nested = std::string(10'000, '(') + "1" + std::string(10'000, ')');
    const Compilation compilation = compile("a.ilk", "contract A { uint256 x = " + nested + "; }");
    EXPECT_THAT(errors(compilation), HasSubstr("could not compile `a.ilk`: 1 error\n"));
}

TEST(Compile, ReportsAFileThatIsTooLarge) {
    const Compilation compilation = compile("a.ilk", std::string(Sources::max_file_bytes + 1, ' '));
    EXPECT_THAT(errors(compilation), HasSubstr("error[E001]"));
}

// What passes the checker and is refused, or warned of, behind it: by the lowering, or by code generation.
class Refused : public testing::TestWithParam<fs::path> {};

TEST_P(Refused, IsReportedAsWritten) {
    const Compilation compilation = compile(GetParam().filename().string(), read_file(GetParam()));
    EXPECT_FALSE(compilation.diagnostics.all().empty());
    expect_fixture(GetParam(), errors(compilation));
}

INSTANTIATE_TEST_SUITE_P(Fixture, Refused, testing::ValuesIn(fixtures("refused")), fixture_name);

}  // namespace
}  // namespace interlock::lang
