// `interlock scenario` on projects as forge lays them out.
#include <nlohmann/json.hpp>

#include <regex>

#include "process.hpp"

namespace interlock::tests {
namespace {

const std::filesystem::path suite = std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/foundry";

class FoundryProject : public Command {
  protected:
    void SetUp() override {
        Command::SetUp();
        std::filesystem::copy(suite / "project", folder_, std::filesystem::copy_options::recursive);
    }

    nlohmann::json results(const std::string& arguments) {
        return nlohmann::json::parse(interlock("scenario --json " + arguments).out, nullptr, false)["results"];
    }
};

std::string without_gas(const std::string& text) { return std::regex_replace(text, std::regex("[0-9,]+ gas"), "N gas"); }

// Each outcome of each of the project's tests, as forge has them too (tests/foundry/forge_test.cpp).
TEST_F(FoundryProject, RunsAsExpected) {
    const Finished finished = interlock("scenario .");
    EXPECT_EQ(finished.exit, 1) << finished.err;
    const std::filesystem::path expected = suite / "expected.txt";
    if (std::getenv("INTERLOCK_BLESS")) write(expected, without_gas(finished.out));
    EXPECT_EQ(without_gas(finished.out), contents(expected));
}

TEST_F(FoundryProject, FailsWhereATestIsCalledSoAndNowhereElse) {
    for (const auto& result : results(".")) {
        const std::string name = result["name"];
        EXPECT_EQ(result["passed"] == false, name.find("_fails_") != std::string::npos) << result;
    }
}

TEST_F(FoundryProject, TakesFilesFoldersAndTheRootForItsTests) {
    EXPECT_EQ(results("test/Callers.t.sol").size(), results("test/Callers.t.sol --filter CallersTest").size() + 1);
    EXPECT_EQ(results(".").size(), results("test").size());
    std::filesystem::create_directories(folder_ / "empty");
    EXPECT_EQ(interlock("scenario empty").exit, 65);
}

TEST_F(FoundryProject, FindsLibrariesBelowLib) {
    write(folder_ / "lib/maths/src/Maths.sol",
          "library Maths { function two() internal pure returns (uint256) { return 2; } }");
    write(folder_ / "lib/tokens/contracts/T.sol", "import \"strange/S.sol\"; contract T is S { }");
    write(folder_ / "lib/tokens/lib/odd/src/S.sol", "contract S { uint256 public seven = 7; }");
    write(folder_ / "lib/tokens/remappings.txt", "strange/=lib/odd/src/\n");
    write(folder_ / "foundry.toml",
          "[profile.default]\nlibs = ['lib']\nremappings = [\n  \"@mine/=src/\",  # our own\n]\n[fuzz]\nruns = 7\n");
    write(
        folder_ / "test/Libraries.t.sol",
        "import \"maths/Maths.sol\"; import \"maths/src/Maths.sol\"; import \"tokens/T.sol\"; import \"src/Token.sol\";\n"
        "import \"@mine/Vault.sol\";\n"
        "contract LibrariesTest { function test_it() public { assert(Maths.two() + new T().seven() == 9); new Vault(1); }\n"
        "  function test_drawn(uint256) public {} }");
    const Finished finished = interlock("scenario test/Libraries.t.sol");
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
    EXPECT_NE(finished.out.find("7 runs"), std::string::npos) << finished.out;
    const Finished more = interlock("scenario test/Libraries.t.sol --runs 9");
    EXPECT_NE(more.out.find("9 runs"), std::string::npos) << more.out;
}

TEST_F(FoundryProject, NamesACheatcodeThatIsNotThere) {
    const auto known = results("test/Texts.t.sol --filter UnknownTest");
    ASSERT_EQ(known.size(), 1u);
    EXPECT_EQ(known[0]["failure"]["message"], "the cheatcode `projectRoot()` is not supported");
    write(folder_ / "test/Odd.t.sol",
          "interface Odd { function strange(uint256) external; }\n"
          "contract OddTest { function test_it() public { "
          "try Odd(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D).strange(1) {} catch {} revert(\"caught\"); } }");
    const auto unknown = results("test/Odd.t.sol");
    ASSERT_EQ(unknown.size(), 1u);
    EXPECT_EQ(unknown[0]["failure"]["notes"][0], "the cheatcode with the selector 0xd32e1fd0 is not supported");
}

TEST_F(FoundryProject, PrintsNothingThatMovesTheCursor) {
    write(folder_ / "test/Loud.t.sol",
          "import {Test, console} from \"./Vm.sol\";\n"
          "contract LoudTest is Test { function test_it() public { console.log(\"\\x1b[2Jgone\"); } }");
    const Finished finished = interlock("scenario test/Loud.t.sol --color never");
    EXPECT_NE(finished.out.find("gone"), std::string::npos) << finished.out;
    EXPECT_EQ(finished.out.find('\x1b'), std::string::npos);
}

TEST_F(FoundryProject, RunsContractsThatCouldNotBeDeployed) {
    std::string body;
    for (int i = 0; i < 1200; ++i)
        body += "        if (x == " + std::to_string(i) + ") emit Said(\"number " + std::to_string(i * 7) + " of many\");\n";
    write(folder_ / "test/Long.t.sol",
          "contract LongTest { event Said(string);\n    function test_long(uint256 x) public {\n" + body + "    }\n}\n");
    EXPECT_EQ(interlock("build test/Long.t.sol").exit, 65) << "it is too long";
    const Finished finished = interlock("scenario test/Long.t.sol");
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
}

}  // namespace
}  // namespace interlock::tests
