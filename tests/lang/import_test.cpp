// Imports: how paths become files, and what names one file gets from another.
#include <filesystem>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lang/compile.hpp"
#include "lang/loading/file_loader.hpp"
#include "lang/loading/load.hpp"

namespace interlock::lang {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Files that are not on any disk.
class MapLoader : public Loader {
  public:
    explicit MapLoader(std::map<std::string, std::string> files) : files_(std::move(files)) {}

    File read(const std::string& path) override {
        asked.push_back(path);
        const auto place = files_.find(path);
        return place == files_.end() ? File{} : File{.text = place->second};
    }

    std::vector<std::string> asked;

  private:
    std::map<std::string, std::string> files_;
};

struct Outcome {
    Compilation compilation;
    std::string errors;
    std::vector<std::string> asked;
};

Outcome compile_with(std::map<std::string, std::string> files, std::string text, ImportOptions options = {},
                     std::string path = "src/main.ilk") {
    MapLoader loader(std::move(files));
    options.loader = &loader;
    Outcome outcome{.compilation = compile(std::move(path), std::move(text), options)};
    outcome.errors = render(outcome.compilation.diagnostics, *outcome.compilation.sources, false);
    outcome.asked = loader.asked;
    return outcome;
}

TEST(Import, FindsARelativePathBesideTheImportingFile) {
    const Outcome outcome =
        compile_with({{"src/a/b.ilk", "import \"../c.ilk\"; interface B is C {}"}, {"src/c.ilk", "interface C {}"}},
                     "import \"./a/b.ilk\"; contract A is C, B {}");
    EXPECT_EQ(outcome.errors, "");
    EXPECT_THAT(outcome.asked, ElementsAre("src/a/b.ilk", "src/c.ilk"));
}

TEST(Import, ReadsEachFileOnceHoweverItIsWritten) {
    const Outcome outcome = compile_with(
        {{"src/x.ilk", "interface X {}"}},
        "import \"./x.ilk\"; import \"./../src//./x.ilk\"; import {X as Y} from \"src/x.ilk\"; contract A is Y {}");
    EXPECT_EQ(outcome.errors, "");
    EXPECT_THAT(outcome.asked, ElementsAre("src/x.ilk"));
}

TEST(Import, LetsFilesImportEachOtherInACircle) {
    const Outcome outcome =
        compile_with({{"b.ilk", "import \"c.ilk\"; interface B { function a() external view returns (A); }"},
                      {"c.ilk", "import \"a.ilk\"; interface C is B {}"}},
                     "import \"b.ilk\"; contract A { B b; C c; }", {}, "a.ilk");
    EXPECT_EQ(outcome.errors, "");
}

TEST(Import, BringsNamesUnderAliases) {
    const Outcome outcome =
        compile_with({{"m.ilk",
                       "struct S { uint256 x; } enum E { One, Two } error Bad(E e); uint256 constant MOST = 7; event Done();"
                       " interface I { enum Side { Left } function f() external view returns (uint256); }"}},
                     "import * as M from \"m.ilk\"; import \"m.ilk\" as N; import {S as Pair, MOST as most} from \"m.ilk\";"
                     "contract A is M.I { M.S s; Pair p; N.I.Side side;"
                     "  function f() external override view returns (uint256) {"
                     "    if (s.x > N.MOST) revert M.Bad(M.E.Two); return most + p.x; }"
                     "  function g() external { emit M.Done(); } }");
    EXPECT_EQ(outcome.errors, "");
}

TEST(Import, AttachesWhatStandsBehindTheNameOfAFile) {
    const Outcome outcome = compile_with(
        {{"src/m.sol",
          "type Price is uint8; function twice(Price p) pure returns (Price) { return p; }\n"
          "library L { function more(uint256 x) internal pure returns (uint256) { return x + 1; } }"}},
        "import \"./m.sol\" as M; using {M.twice} for M.Price;\n"
        "contract A { using M.L for uint256; function f(M.Price p, uint256 x) external pure returns (M.Price, uint256) "
        "{ return (p.twice(), x.more()); } }");
    EXPECT_EQ(outcome.errors, "");
}

TEST(Import, GivesNoNamesThatWereNotAskedFor) {
    const Outcome outcome = compile_with({{"m.ilk", "struct S { uint256 x; } struct T { uint256 x; }"}},
                                         "import {S} from \"m.ilk\"; import * as M from \"m.ilk\"; contract A { T t; }");
    EXPECT_THAT(outcome.errors, HasSubstr("error[E203]: there is no type `T`"));
}

TEST(Import, SuggestsANameThatTheFileHas) {
    const Outcome outcome =
        compile_with({{"m.ilk", "interface IVault {}"}}, "import {IVault2} from \"m.ilk\"; contract A is IVault2 {}");
    EXPECT_THAT(outcome.errors, HasSubstr("error[E201]: `IVault2` is not declared in `m.ilk`"));
    EXPECT_THAT(outcome.errors, HasSubstr("did you mean `IVault`?"));
    EXPECT_THAT(outcome.errors, HasSubstr("1 error\n"));
}

TEST(Import, RefusesTwoDeclarationsOfOneName) {
    const Outcome outcome = compile_with({{"a.ilk", "struct S { uint256 x; }"}, {"b.ilk", "struct S { uint256 y; }"}},
                                         "import \"a.ilk\"; import \"b.ilk\"; contract A { S s; }");
    EXPECT_THAT(outcome.errors, HasSubstr("error[E204]: `S` is declared twice"));
    EXPECT_THAT(outcome.errors, HasSubstr("1 error\n"));
}

TEST(Import, TakesTheSameDeclarationFromTwoSides) {
    const Outcome outcome =
        compile_with({{"s.ilk", "struct S { uint256 x; }"}, {"a.ilk", "import \"s.ilk\";"}, {"b.ilk", "import \"s.ilk\";"}},
                     "import \"a.ilk\"; import \"b.ilk\"; contract A { S s; }");
    EXPECT_EQ(outcome.errors, "");
}

TEST(Import, ReplacesPrefixesAsRemappingsSay) {
    ImportOptions options;
    for (const char* text : {"@lib/=vendor/lib-1/", "src/old/:@lib/=vendor/lib-0/", "@lib/special/=special/"})
        options.remappings.push_back(parse_remapping(text).value());
    const Outcome outcome = compile_with({{"vendor/lib-1/x.ilk", "interface X {}"},
                                          {"vendor/lib-0/x.ilk", "interface X0 {}"},
                                          {"special/y.ilk", "interface Y {}"},
                                          {"src/old/o.ilk", "import \"@lib/x.ilk\"; interface O is X0 {}"}},
                                         "import {X} from \"@lib/x.ilk\"; import \"@lib/special/y.ilk\";"
                                         "import {O} from \"./old/o.ilk\"; contract A is X, Y, O {}",
                                         options);
    EXPECT_EQ(outcome.errors, "");
}

TEST(Import, LooksForAFileWithoutARemappingOfTheProjectThatLeadsNowhere) {
    const ImportOptions options{.remappings = {{"", "tokens/", "package/lib/tokens/", true}, {"", "kept/", "theirs/"}},
                                .include_paths = {"modules"}};
    const std::map<std::string, std::string> files{{"modules/tokens/Token.sol", "contract Token {}"}};
    EXPECT_EQ(compile_with(files, "import \"tokens/Token.sol\"; contract A is Token {}", options).errors, "");
    EXPECT_THAT(compile_with({{"kept/Other.sol", "contract Other {}"}}, "import \"kept/Other.sol\";", options).errors,
                HasSubstr("E012"));
}

TEST(Import, LooksInTheIncludePathsInOrder) {
    const Outcome outcome =
        compile_with({{"lib/two/x.ilk", "import \"./y.ilk\"; interface X is Y {}"},
                      {"lib/two/y.ilk", "interface Y {}"},
                      {"lib/three/x.ilk", "error here"}},
                     "import \"x.ilk\"; contract A is X {}", {.include_paths = {"lib/one", "lib/two/", "lib/three"}});
    EXPECT_EQ(outcome.errors, "");
    EXPECT_THAT(outcome.asked, ElementsAre("x.ilk", "lib/one/x.ilk", "lib/two/x.ilk", "lib/two/y.ilk"));
}

TEST(Import, SaysWhereAMissingFileWasLookedFor) {
    const Outcome outcome = compile_with({}, "import \"@lib/x.ilk\";\ncontract A is X { Y y; }", {.include_paths = {"lib"}});
    EXPECT_EQ(outcome.errors,
              "error[E012]: `@lib/x.ilk` cannot be imported\n"
              " --> src/main.ilk:1:8\n"
              "  |\n"
              "1 | import \"@lib/x.ilk\";\n"
              "  |        ^^^^^^^^^^^^\n"
              "  = note: `@lib/x.ilk`: no such file\n"
              "  = note: `lib/@lib/x.ilk`: no such file\n"
              "  = help: say where it is: `--include-path FOLDER`, or a remapping `prefix=target`\n"
              "\n"
              "error: could not compile `src/main.ilk`: 1 error\n");
}

TEST(Import, SaysThatAFileIsMissingFirstAndNothingThatFollowsFromIt) {
    const Outcome outcome = compile_with({{"src/b.ilk", "import {Z} from \"./missing.ilk\";\ncontract B is Z { Y y; }"}},
                                         "contract A is B { uint256 x = ; bool b = 1;\n"
                                         " function f() public override { g(); super.f(); } }\n"
                                         "import \"./b.ilk\";");
    EXPECT_EQ(outcome.errors,
              "error[E012]: `./missing.ilk` cannot be imported\n"
              " --> src/b.ilk:1:17\n"
              "  |\n"
              "1 | import {Z} from \"./missing.ilk\";\n"
              "  |                 ^^^^^^^^^^^^^^^\n"
              "  = note: `src/missing.ilk`: no such file\n"
              "\n"
              "error[E102]: expected an expression, found `;`\n"
              " --> src/main.ilk:1:31\n"
              "  |\n"
              "1 | contract A is B { uint256 x = ; bool b = 1;\n"
              "  |                               ^ expected an expression\n"
              "\n"
              "error: could not compile `src/b.ilk`: 2 errors\n");
}

TEST(Import, HasNothingToReadWithoutALoader) {
    const Compilation compilation = compile("a.ilk", "import \"./b.ilk\"; contract A {}");
    EXPECT_THAT(render(compilation.diagnostics, *compilation.sources, false), HasSubstr("there are no other files here"));
}

TEST(Import, PointsIntoTheFileThatIsWrong) {
    const Outcome outcome = compile_with({{"src/b.ilk", "interface B {\n    uint256 x = ;\n}"}},
                                         "import \"./b.ilk\"; contract A { bool b = 1; }");
    EXPECT_THAT(outcome.errors, HasSubstr("src/b.ilk:2:17"));
    EXPECT_THAT(outcome.errors, HasSubstr("src/main.ilk:1:41"));
    EXPECT_THAT(outcome.errors, HasSubstr("could not compile `src/main.ilk`"));
}

TEST(Import, MeansTheLastContractOfTheFirstFileByDefault) {
    const Outcome outcome =
        compile_with({{"src/b.ilk", "contract B {}"}}, "import \"./b.ilk\"; contract A {} contract Main {} interface I {}");
    ASSERT_EQ(outcome.errors, "");
    ASSERT_NE(outcome.compilation.main(), nullptr);
    EXPECT_EQ(outcome.compilation.main()->name, "Main");
}

TEST(Import, StopsAtTheLimitOfFiles) {
    class Endless : public Loader {
      public:
        File read(const std::string&) override {
            const std::string number = std::to_string(++count);
            return {.text = "import \"f" + number + ".ilk\"; import \"g" + number + ".ilk\";"};
        }
        std::size_t count = 0;
    };
    Endless loader;
    const Compilation compilation = compile("a.ilk", "import \"f.ilk\"; contract A {}", {.loader = &loader});
    EXPECT_THAT(render(compilation.diagnostics, *compilation.sources, false),
                HasSubstr("error[E013]: more than 1000 files in one compilation"));
    EXPECT_LE(loader.count, max_files);
}

TEST(Import, RefusesWhatCannotBeAPath) {
    for (const std::string& path : {std::string(), std::string(5000, 'a'), std::string("a\\x00b"), std::string("a\\nb")}) {
        const Outcome outcome = compile_with({}, "import \"" + path + "\"; contract A {}");
        EXPECT_THAT(outcome.errors, HasSubstr("error[E012]: this cannot be the path of a file")) << path;
        EXPECT_TRUE(outcome.asked.empty());
    }
}

TEST(Import, NormalizesPaths) {
    EXPECT_EQ(normalized("a/./b//../c"), "a/c");
    EXPECT_EQ(normalized("../../a"), "../../a");
    EXPECT_EQ(normalized("a/../../b/"), "../b");
    EXPECT_EQ(normalized("/../a/../.."), "/");
    EXPECT_EQ(normalized(""), "");
}

TEST(Import, ReadsRemappings) {
    EXPECT_EQ(parse_remapping("a=b")->prefix, "a");
    EXPECT_EQ(parse_remapping("c:a=b")->context, "c");
    EXPECT_EQ(parse_remapping("a=")->target, "");
    EXPECT_FALSE(parse_remapping("=b"));
    EXPECT_FALSE(parse_remapping("a"));
}

// --- files of the file system ---

class Files : public testing::Test {
  protected:
    void SetUp() override {
        folder = std::filesystem::temp_directory_path() /
                 ("interlock_import_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        std::filesystem::remove_all(folder);
        std::filesystem::create_directories(folder / "inside" / "deep");
        write("inside/deep/a.ilk", "interface A {}");
        write("secret.txt", "secret");
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    void write(const std::string& path, const std::string& text) const { std::ofstream(folder / path) << text; }
    [[nodiscard]] std::string at(const std::string& path) const { return (folder / path).string(); }

    std::filesystem::path folder;
};

TEST_F(Files, AreReadInsideOfTheGivenFolders) {
    FileLoader loader({at("inside")}, {});
    EXPECT_EQ(loader.read(at("inside/deep/a.ilk")).text, "interface A {}");
    EXPECT_FALSE(loader.read(at("inside/none.ilk")).text);
    EXPECT_EQ(loader.read(at("inside/none.ilk")).why_not, "");
}

TEST_F(Files, OutsideOfTheGivenFoldersStayClosed) {
    std::filesystem::create_symlink(at("secret.txt"), at("inside/link.ilk"));
    FileLoader loader({at("inside")}, {});
    for (const std::string& path : {at("secret.txt"), at("inside/../secret.txt"), at("inside/link.ilk")}) {
        EXPECT_FALSE(loader.read(path).text) << path;
        EXPECT_THAT(loader.read(path).why_not, HasSubstr("outside")) << path;
    }
}

TEST_F(Files, OfASpecialKindAreNotRead) {
    FileLoader loader({at("inside"), "/dev"}, {});
    EXPECT_EQ(loader.read("/dev/zero").why_not, "not a file");
    EXPECT_EQ(loader.read(at("inside/deep")).why_not, "not a file");
}

}  // namespace
}  // namespace interlock::lang
