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

// What the compiler's code costs and consists of may change.
std::string without_code(const std::string& text) {
    const std::string kept = std::regex_replace(text, std::regex("[0-9,]+ gas"), "N gas");
    return std::regex_replace(kept, std::regex("bytecode 0x[0-9a-f]+"), "bytecode 0x…");
}

// Each outcome of each of the project's tests, as forge has them too (tests/foundry/forge_test.cpp).
TEST_F(FoundryProject, RunsAsExpected) {
    const Finished finished = interlock("scenario .");
    EXPECT_EQ(finished.exit, 1) << finished.err;
    const std::filesystem::path expected = suite / "expected.txt";
    if (std::getenv("INTERLOCK_BLESS")) write(expected, without_code(finished.out));
    EXPECT_EQ(without_code(finished.out), contents(expected));
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
    EXPECT_EQ(known[0]["failure"]["message"], "the cheatcode `ffi(string[])` is not supported");
    write(folder_ / "test/Odd.t.sol",
          "interface Odd { function strange(uint256) external; }\n"
          "contract OddTest { function test_it() public { "
          "try Odd(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D).strange(1) {} catch {} revert(\"caught\"); } }");
    const auto unknown = results("test/Odd.t.sol");
    ASSERT_EQ(unknown.size(), 1u);
    EXPECT_EQ(unknown[0]["failure"]["notes"][0], "the cheatcode with the selector 0xd32e1fd0 is not supported");
}

TEST_F(FoundryProject, MakesWhatFailsSmall) {
    write(folder_ / "test/Small.t.sol",
          "contract SmallTest {\n"
          "  function test_number(uint256 x) public { require(x <= 1000); }\n"
          "  function test_signed(int256 x) public { require(x >= -50); }\n"
          "  function test_list(uint256[] memory x) public { uint256 big; for (uint256 i = 0; i < x.length; i++)\n"
          "    if (x[i] > 500) big++; require(big < 2); }\n"
          "  function test_text(string memory x) public { require(bytes(x).length < 5); }\n"
          "  function test_bytes(bytes memory x) public { require(x.length < 3); }\n"
          "}\n"
          "contract Counter { uint256 public sum; bool public broken;\n"
          "  function add(uint256 x) public { unchecked { sum += x % 100; } }\n"
          "  function nothing(uint256) public { }\n"
          "  function end(uint256 x) public { if (sum > 20 && x > 5) broken = true; } }\n"
          "contract CounterTest { Counter counter = new Counter();\n"
          "  function invariant_whole() public { require(!counter.broken()); } }\n");
    std::map<std::string, std::string> notes;
    for (const auto& result : results("test/Small.t.sol --depth 200")) {
        ASSERT_EQ(result["passed"], false) << result;
        const auto& failure = result["failure"];
        if (failure.contains("sequence")) EXPECT_EQ(failure["sequence"].size(), 2u) << failure;
        else notes[result["name"]] = failure["notes"][0];
    }
    const auto is_for = [&](const std::string& name, const std::string& arguments) {
        const std::string note = notes["SmallTest." + name];
        EXPECT_TRUE(note.starts_with("in " + name + arguments + ", run ")) << note;
    };
    is_for("test_number", "(1001)");
    is_for("test_signed", "(-51)");
    is_for("test_list", "([501, 501])");
    is_for("test_text", "(\"aaaaa\")");
    is_for("test_bytes", "(0x000000)");
}

// Assertions and helpers are functions of the test's own contract; what is pointed at is the test.
TEST_F(FoundryProject, PointsAtTheLineOfTheTestThatFailed) {
    write(folder_ / "lib/asserts/src/Asserts.sol",
          "abstract contract Asserts { error Unequal(uint256 a, uint256 b);\n"
          "  function assertEq(uint256 a, uint256 b) internal pure { if (a != b) revert Unequal(a, b); } }");
    write(folder_ / "foundry.toml", "[profile.default]\nlibs = ['lib']\n");
    write(folder_ / "test/Base.sol",
          "import {Asserts} from \"asserts/Asserts.sol\";\n"
          "abstract contract Base is Asserts {\n"
          "  uint256 immutable three = 3;\n"
          "  modifier late() { require(block.timestamp > 5); _; }\n"
          "  function check(uint256 x) internal view { assertEq(x, three); }\n"
          "  function test_inherited() public view {\n    check(2); }\n"
          "}\n");
    write(folder_ / "test/Lines.t.sol",
          "import {Base} from \"./Base.sol\";\n"
          "contract LinesTest is Base {\n"
          "  function test_direct() public pure { uint256 a = 1;\n    assertEq(a, 2);\n    assertEq(a, a); }\n"
          "  function test_helper() public view { check(3);\n    check(4); }\n"
          "  function test_modifier() public late { check(3); }\n"
          "  function test_list(uint256[] memory x) public pure { x;\n    assertEq(7, 8); }\n"
          "}\n");
    std::map<std::string, std::string> places;
    for (const auto& result : results("test/Lines.t.sol")) {
        const auto& failure = result["failure"];
        std::string place = failure["file"].get<std::string>() + ":" + failure["line"].dump();
        for (const std::string note : failure["notes"])
            if (!note.starts_with("in ")) place += ", " + note;
        places[result["name"]] = place;
    }
    EXPECT_EQ(places["LinesTest.test_direct"], "test/Lines.t.sol:4");
    EXPECT_EQ(places["LinesTest.test_helper"],
              "test/Lines.t.sol:7, inside of it at test/Base.sol:5:45: `assertEq(x, three)`");
    EXPECT_EQ(places["LinesTest.test_modifier"],
              "test/Lines.t.sol:8, inside of it at test/Base.sol:4:21: `require(block.timestamp > 5)`");
    EXPECT_EQ(places["LinesTest.test_list"], "test/Lines.t.sol:10");
    EXPECT_EQ(places["LinesTest.test_inherited"],
              "test/Base.sol:7, inside of it at test/Base.sol:5:45: `assertEq(x, three)`");
}

TEST_F(FoundryProject, ReadsNoFileOutsideOfTheProject) {
    std::filesystem::create_symlink("/etc", folder_ / "outside");
    write(folder_ / "test/Outside.t.sol",
          "import {Test} from \"./Vm.sol\";\n"
          "contract OutsideTest is Test { function test_it() public view { vm.readFile(\"outside/hostname\"); } }");
    const auto result = results("test/Outside.t.sol");
    ASSERT_EQ(result.size(), 1u);
    EXPECT_EQ(result[0]["failure"]["message"],
              "vm.readFile: the path outside/hostname is not allowed to be accessed for read operations");
}

TEST_F(FoundryProject, EndsConstructorsThatDeployThemselves) {
    write(folder_ / "test/Deep.t.sol",
          "import {Test} from \"./Vm.sol\";\n"
          "contract Deep is Test { constructor() { vm.deployCode(\"Deep.t.sol:Deep\"); } }\n"
          "contract DeepTest is Test { function test_it() public { vm.deployCode(\"Deep.t.sol:Deep\"); } }");
    const auto result = results("test/Deep.t.sol --filter DeepTest");
    ASSERT_EQ(result.size(), 1u);
    EXPECT_EQ(result[0]["failure"]["message"], "vm.deployCode: constructors that deploy go too deep");
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
    const Finished built = interlock("build test/Long.t.sol");
    EXPECT_EQ(built.exit, 0);
    EXPECT_NE((built.out + built.err).find("warning[E950]"), std::string::npos) << "it is too long";
    const Finished finished = interlock("scenario test/Long.t.sol");
    EXPECT_EQ(finished.exit, 0) << finished.out << finished.err;
}

}  // namespace
}  // namespace interlock::tests
