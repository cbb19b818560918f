// `interlock fmt`, as a user meets it.
#include "process.hpp"
#include "tests/expectation.hpp"

namespace interlock::tests {
namespace {

class Fmt : public Command {
  protected:
    const std::string untidy_ = "contract A{uint256 public  x;\n\nfunction f( ) external{x=1;}}\n";
    const std::string tidy_ =
        "contract A {\n    uint256 public x;\n\n    function f() external {\n        x = 1;\n    }\n}\n";
};

TEST_F(Fmt, LaysFilesOutInPlace) {
    write(folder_ / "a.ilk", untidy_);
    const Finished finished = interlock("fmt a.ilk");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    EXPECT_EQ(contents(folder_ / "a.ilk"), tidy_);
}

TEST_F(Fmt, OnlySaysWhatItWouldChangeWithCheck) {
    write(folder_ / "a.ilk", untidy_);
    write(folder_ / "b.ilk", tidy_);
    EXPECT_EQ(interlock("fmt --check b.ilk").exit, 0);
    const Finished finished = interlock("fmt --check a.ilk b.ilk");
    EXPECT_EQ(finished.exit, 1);
    EXPECT_NE((finished.out + finished.err).find("a.ilk"), std::string::npos);
    EXPECT_EQ(contents(folder_ / "a.ilk"), untidy_);
}

TEST_F(Fmt, LeavesFilesWithErrorsAlone) {
    const std::string broken = "contract A { function f( external {} }\n";
    write(folder_ / "a.ilk", broken);
    const Finished finished = interlock("fmt a.ilk");
    EXPECT_EQ(finished.exit, 65);
    EXPECT_NE(finished.err.find("error["), std::string::npos) << finished.err;
    EXPECT_EQ(contents(folder_ / "a.ilk"), broken);
}

TEST_F(Fmt, PrintsPlainSolidityWithStrip) {
    const std::filesystem::path fixtures =
        std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/lang/fixtures/specifications";
    write(folder_ / "ledger.ilk", contents(fixtures / "ledger.ilk"));
    const Finished finished = interlock("fmt --strip ledger.ilk");
    EXPECT_EQ(finished.exit, 0) << finished.err;
    expect_file(fixtures / "ledger.stripped.sol", finished.out);  // which solc 0.8.28 accepts
}

TEST_F(Fmt, HasNothingToChangeInTheContractsThatAreShown) {
    const Finished finished = interlock("fmt --check '" INTERLOCK_SOURCE_DIR "'/contracts/*.ilk");
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
}

TEST_F(Fmt, KeepsAnUncheckedStatementOnItsLine) {
    write(folder_ / "a.ilk",
          "contract A {\n    function f(uint256 i) external pure {\n        unchecked{++i;}\n        unchecked {\n"
          "            ++i;\n        }\n        (uint256 a,)=g();\n    }\n}\n");
    EXPECT_EQ(interlock("fmt a.ilk").exit, 0);
    EXPECT_EQ(contents(folder_ / "a.ilk"),
              "contract A {\n    function f(uint256 i) external pure {\n        unchecked { ++i; }\n        unchecked {\n"
              "            ++i;\n        }\n        (uint256 a, ) = g();\n    }\n}\n");
}

TEST_F(Fmt, FormatsTheFileBehindALinkAndKeepsItsPermissions) {
    namespace fs = std::filesystem;
    write(folder_ / "real/a.ilk", untidy_);
    fs::permissions(folder_ / "real/a.ilk", fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink("real/a.ilk", folder_ / "a.ilk");
    EXPECT_EQ(interlock("fmt a.ilk").exit, 0);
    EXPECT_TRUE(fs::is_symlink(folder_ / "a.ilk"));
    EXPECT_EQ(contents(folder_ / "real/a.ilk"), tidy_);
    EXPECT_EQ(fs::status(folder_ / "real/a.ilk").permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "real"), {}), 1);
}

}  // namespace
}  // namespace interlock::tests
